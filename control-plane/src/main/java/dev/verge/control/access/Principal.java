package dev.verge.control.access;

import dev.verge.control.resource.Scope;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose token a call carries.
 *
 * @param tokenId the token's id
 * @param name what the token is for
 * @param account the account it belongs to
 * @param scopes what it may do
 * @param expiresAt null: until revoked
 */
public record Principal(
        String tokenId,
        String name,
        String account,
        List<Scope> scopes,
        @Nullable Instant expiresAt) {

    /** Whether one of its scopes covers {@code wanted}. */
    public boolean may(Scope wanted) {
        return scopes.stream().anyMatch(scope -> scope.covers(wanted));
    }

    /** Whether it runs the platform. */
    public boolean operator() {
        return scopes.contains(Scope.OPERATOR);
    }
}
