package dev.verge.control.resource;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version in a history, newest first.
 *
 * @param version counts from 1 within a document's life
 * @param sha256 of the document's bytes, or of the function's bundle; lower-case hex
 * @param createdAt when it was stored
 * @param createdBy name of the token that stored it
 * @param live whether it is the current document, or a function version that takes traffic
 * @param rolledBack why the control plane took this version of a function back by itself; null when it did not
 */
public record VersionSummary(
        int version,
        String sha256,
        Instant createdAt,
        String createdBy,
        boolean live,
        @Nullable String rolledBack) {}
