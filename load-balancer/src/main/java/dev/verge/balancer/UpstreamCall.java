package dev.verge.balancer;

import dev.verge.balancer.options.Hedge;
import dev.verge.balancer.options.RetryCondition;
import dev.verge.balancer.retry.HedgeDecision;
import dev.verge.balancer.retry.RetryBudget;
import dev.verge.balancer.retry.RetryDecision;
import dev.verge.balancer.retry.RetryFacts;
import dev.verge.balancer.retry.TryResult;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
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
    private final PoolCounters counters;
    private final RetryBudget budget;
    private final MonotonicTime time;
    private final RandomGenerator random;
    private final long startedNanos;
    private final BitSet tried = new BitSet();
    private int countedTries = 1;
    private RetryDecision.Target target = RetryDecision.Target.UNTRIED;
    private int last = -1;
    private int hedges;
    private boolean closed;

    /** For somebody who has been let in. */
    UpstreamCall(UpstreamPool pool, PoolCounters counters, MonotonicTime time, long nowNanos, RandomGenerator random) {
        this.pool = pool;
        this.counters = counters;
        this.budget = counters.budget();
        this.time = time;
        this.random = random;
        this.startedNanos = nowNanos;
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
     * How long the try that has begun may be alone without a response head; then {@link #hedge} may be asked. Empty: as long as it takes.
     *
     * @param plain whether the request has no content and asks for no other protocol
     */
    public Optional<Duration> hedgeAfter(String method, boolean plain) {
        var retries = pool.options().retries();
        Hedge hedge = retries.hedge();
        if (hedge == null) {
            return Optional.empty();
        }
        var typical = hedge.percentile() == null
                ? OptionalLong.empty()
                : counters.typicalHead(hedge.percentile(), time.nanos());
        return HedgeDecision.wait(
                new HedgeDecision.Facts(method, plain, hedges, pool.untried(tried::get), remaining(), typical),
                retries);
    }

    /** Picks an untried origin for a try beside those under way; empty if there is none, or the budget or a limit is used up. */
    public Optional<Choice.Picked> hedge(RequestTraits request) {
        var options = pool.options().retries();
        long now = time.nanos();
        if (!budget.affords(options.budgetPercent(), options.minBudget(), now)) {
            pool.budgetUsedUp();
            return Optional.empty();
        }
        if (pool.untried(tried::get) == 0 || !(pool.choose(request, tried::get) instanceof Choice.Picked picked)) {
            return Optional.empty();
        }
        tried.set(pool.indexOf(picked.lease()));
        hedges++;
        budget.retryStarted(now);
        return Optional.of(picked);
    }

    /** A try that was begun beside another is over, or the race that it was in. */
    public void hedged(HedgeEnd end) {
        counters.count(end);
    }

    /** Whether an answer with this status would be retried if it may be: no reason to give up a try that is still under way. */
    public boolean isFailure(int status) {
        return RetryCondition.isRetryable(status)
                && pool.options().retries().on().contains(RetryCondition.status(status));
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
            counters.leave();
        }
    }
}
