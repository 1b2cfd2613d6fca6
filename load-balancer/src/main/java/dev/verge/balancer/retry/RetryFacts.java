package dev.verge.balancer.retry;

import java.time.Duration;

/**
 * Everything a retry depends on.
 *
 * @param method request method
 * @param sent whether any byte of the request may have reached the origin in this try
 * @param replayable whether the whole request, body included, can be sent again from its start
 * @param result how the last try ended
 * @param countedTries tries so far that count against {@code attempts}: the first one, and each retry that counted
 * @param untriedUsable usable origins that this request has not tried yet
 * @param budgetLeft whether the pool's budget affords another retry
 * @param remaining what is left of {@code timeouts.total}
 */
public record RetryFacts(
        String method,
        boolean sent,
        boolean replayable,
        TryResult result,
        int countedTries,
        int untriedUsable,
        boolean budgetLeft,
        Duration remaining) {}
