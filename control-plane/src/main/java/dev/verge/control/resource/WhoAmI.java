package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who the presented token is.
 *
 * @param tokenId its id
 * @param name what it is for
 * @param account the account it belongs to
 * @param scopes what it may do
 * @param expiresAt null: until revoked
 */
public record WhoAmI(
        String tokenId,
        String name,
        String account,
        List<Scope> scopes,
        @Nullable Instant expiresAt) {}
