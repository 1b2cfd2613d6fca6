package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node token in a list; never the token itself.
 *
 * @param id to revoke it by
 * @param node the node it serves
 * @param groups the node's groups
 * @param createdAt when it was made
 * @param expiresAt null: until revoked
 */
public record NodeTokenView(
        String id,
        String node,
        List<String> groups,
        Instant createdAt,
        @Nullable Instant expiresAt) {}
