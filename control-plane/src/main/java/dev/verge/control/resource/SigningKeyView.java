package dev.verge.control.resource;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that the control plane signs with; its public half.
 *
 * @param number from 1, in the order that they were made
 * @param publicKey of Ed25519, 32 bytes in base64; what {@code controlPlane.signingKey} of a node may name
 * @param fromRevision the first revision that is signed with it
 * @param retiredAt since when nodes refuse it; null while they do not
 */
public record SigningKeyView(
        int number,
        String publicKey,
        long fromRevision,
        Instant createdAt,
        @Nullable Instant retiredAt) {}
