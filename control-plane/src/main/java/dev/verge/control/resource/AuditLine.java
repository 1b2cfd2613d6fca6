package dev.verge.control.resource;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change, as it was made.
 *
 * @param id counts up
 * @param at when
 * @param account whose things were changed
 * @param tokenId which token did it
 * @param tokenName that token's name
 * @param from the caller's address
 * @param call method and path
 * @param requestId of the call
 * @param revision the log position it caused; null when nodes need not know of it
 * @param change what changed, in a few words; never a secret
 */
public record AuditLine(
        long id,
        Instant at,
        String account,
        String tokenId,
        String tokenName,
        String from,
        String call,
        String requestId,
        @Nullable Long revision,
        String change) {}
