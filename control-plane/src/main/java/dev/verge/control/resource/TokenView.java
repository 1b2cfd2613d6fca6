package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token in a list; never the token itself.
 *
 * @param id to revoke it by
 * @param name what it is for
 * @param account the account it belongs to
 * @param scopes what it may do
 * @param createdAt when it was made
 * @param expiresAt null: until revoked
 */
public record TokenView(
        String id,
        String name,
        String account,
        List<Scope> scopes,
        Instant createdAt,
        @Nullable Instant expiresAt) {}
