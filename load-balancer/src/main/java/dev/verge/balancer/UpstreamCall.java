package dev.verge.balancer;

import dev.verge.balancer.retry.RetryBudget;
import dev.verge.balancer.retry.RetryDecision;
import dev.verge.balancer.retry.RetryFacts;
import dev.verge.balancer.retry.TryResult;
import java.time.Duration;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * One client's request to a pool, over all its tries: {@link #next} picks an origin, {@link #afterFailure} says whether to go on. Belongs to
 * one request; calls come one after the other, from one thread at a time.
 *
 * <pre>{@code
 * try (next(traits) → Picked) … lease.responded / lease.failed; lease.close()
 *   failed or bad status → afterFailure(…) → MoveOn, TryAgain: next(traits) again (after the pause); Stop: pass on
 * close()
 * }</pre>
 */
public final class UpstreamCall implements AutoCloseable {
    private final UpstreamPool pool;
    private final RetryBudget budget;
    private final MonotonicTime time;
    private final RandomGenerator random;
    private final long startedNanos;
    private final BitSet tried = new BitSet();
    private int countedTries = 1;
    private RetryDecision.Target target = RetryDecision.Target.UNTRIED;
    private int last = -1;
    private boolean closed;

    UpstreamCall(UpstreamPool pool, RetryBudget budget, MonotonicTime time, RandomGenerator random) {
        this.pool = pool;
        this.budget = budget;
        this.time = time;
        this.random = random;
        this.startedNanos = time.nanos();
        budget.requestStarted(startedNanos);
    }

    public UpstreamPool pool() {
        return pool;
    }

    /** What is left of {@code timeouts.total}; zero or less: nothing. */
    public Duration remaining() {
        return pool.options().timeouts().total().minusNanos(time.nanos() - startedNanos);
    }

    /** Picks an origin for the next try, within what the last decision allowed. Never blocks. */
    public Choice next(RequestTraits request) {
        Choice choice = pool.choose(request, excluded());
        if (choice instanceof Choice.Picked picked) {
            last = pool.indexOf(picked.lease());
            tried.set(last);
        }
        return choice;
    }

    /** Origins tried already; or, when all were, the last one, unless there is no other. */
    private IntPredicate excluded() {
        return switch (target) {
            case UNTRIED -> tried::get;
            case ANY -> {
                int failed = last;
                IntPredicate lastOnly = index -> index == failed;
                yield pool.untried(lastOnly) > 0 ? lastOnly : _ -> false;
            }
        };
    }

    /**
     * Says what to do after a try that failed, or that was answered with a status (any status; good ones are never retried).
     *
     * @param sent whether any byte of the request may have reached the origin
     * @param replayable whether the whole request, body included, can be sent again
     */
    public RetryDecision afterFailure(String method, boolean sent, boolean replayable, TryResult result) {
        var options = pool.options().retries();
        long now = time.nanos();
        RetryFacts facts = new RetryFacts(
                method,
                sent,
                replayable,
                result,
                countedTries,
                pool.untried(tried::get),
                budget.affords(options.budgetPercent(), options.minBudget(), now),
                remaining());
        RetryDecision decision = RetryDecision.decide(facts, options, random);
        switch (decision) {
            case RetryDecision.MoveOn() -> target = RetryDecision.Target.UNTRIED;
            case RetryDecision.TryAgain(var where, var _) -> {
                target = where;
                countedTries++;
                budget.retryStarted(now);
            }
            case RetryDecision.Stop(var reason) -> {
                if (reason == RetryDecision.Reason.BUDGET_USED) {
                    pool.budgetUsedUp();
                }
            }
        }
        return decision;
    }

    /**
     * Whether a try may be made once more at the same origin, over a new connection and for free: it went over a kept connection
     * that turned out to be closed, which says nothing about the origin.
     *
     * @param replayable whether the whole request, body included, can be sent again
     */
    public boolean mayRepeat(String method, boolean replayable) {
        return replayable
                && pool.options().retries().methods().contains(method)
                && remaining().isPositive();
    }

    /** The request is over. Closing twice does nothing. Leases are closed on their own. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            budget.requestEnded();
        }
    }
}
