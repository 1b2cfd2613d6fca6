package dev.verge.control.resource;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A new node token; the only time it is shown.
 *
 * @param id to revoke it by
 * @param token what the node's settings hold
 * @param node the node it serves
 * @param expiresAt null: until revoked
 */
public record NodeTokenMade(
        String id, String token, String node, @Nullable Instant expiresAt) {

    @Override
    public String toString() {
        return "NodeTokenMade[id=" + id + ", node=" + node + "]";
    }
}
