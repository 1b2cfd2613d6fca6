package dev.verge.control.resource;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key of a key-value namespace; its value is asked for by itself.
 *
 * @param key as it was written
 * @param sizeBytes of the value
 * @param metadata JSON text that its writer put beside the value; null for none
 * @param expiresAt when it goes away by itself; null: never
 * @param revision the log position of its last change
 * @param changedAt when it was written last
 */
public record KvKey(
        String key,
        long sizeBytes,
        @Nullable String metadata,
        @Nullable Instant expiresAt,
        long revision,
        Instant changedAt) {}
