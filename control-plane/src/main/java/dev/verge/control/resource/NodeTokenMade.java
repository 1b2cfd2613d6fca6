package dev.verge.control.resource;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A new node token; the only time it is shown.
 *
 * @param id to revoke it by
 * @param token what the node's settings hold; exchanged once for keys that the node makes
 * @param node the node it serves
 * @param expiresAt until when it can be exchanged; null: until revoked
 * @param caFingerprint SHA-256 of the certificate that a node believes the control plane by; null when it serves no TLS itself
 * @param signingKey public key that the control plane's signatures are checked by
 */
public record NodeTokenMade(
        String id,
        String token,
        String node,
        @Nullable Instant expiresAt,
        @Nullable String caFingerprint,
        String signingKey) {

    @Override
    public String toString() {
        return "NodeTokenMade[id=" + id + ", node=" + node + "]";
    }
}
