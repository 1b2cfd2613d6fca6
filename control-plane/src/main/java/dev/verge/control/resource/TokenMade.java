package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new token; the only time it is shown.
 *
 * @param id to revoke it by
 * @param token what goes into {@code Authorization: Bearer}
 * @param account the account it belongs to
 * @param scopes what it may do
 * @param expiresAt null: until revoked
 */
public record TokenMade(
        String id,
        String token,
        String account,
        List<Scope> scopes,
        @Nullable Instant expiresAt) {

    @Override
    public String toString() {
        return "TokenMade[id=" + id + ", account=" + account + "]";
    }
}
