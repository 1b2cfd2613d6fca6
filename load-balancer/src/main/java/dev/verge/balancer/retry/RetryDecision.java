package dev.verge.balancer.retry;

import dev.verge.balancer.options.Retries;
import dev.verge.balancer.options.RetryCondition;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Whether, where and when a failed try is made again. */
public sealed interface RetryDecision {

    /**
     * Go on at once with an origin not tried yet. Free: it counts neither against {@code attempts} nor the budget, because
     * the failed origin did no work and each origin is tried once at most.
     */
    record MoveOn() implements RetryDecision {}

    /**
     * Try again after a pause. Counts against {@code attempts} and the budget.
     *
     * @param target which origins may be chosen
     * @param backoff pause before the try; zero or more
     */
    record TryAgain(Target target, Duration backoff) implements RetryDecision {}

    /** Pass on what there is: the response, or the error. */
    record Stop(Reason reason) implements RetryDecision {}

    /** Which origins a counted retry may choose. */
    enum Target {
        /** One that this request has not tried. */
        UNTRIED,
        /** All have been tried: any of them. */
        ANY
    }

    /** Why there is no retry. */
    enum Reason {
        /** The result is not one that {@code retries.on} lists, or not a failure. */
        NOT_RETRYABLE,
        /** The request may have taken effect, and its method may not be sent twice. */
        NOT_IDEMPOTENT,
        /** Part of the request body is gone. */
        NOT_REPLAYABLE,
        /** A status is retried only at a different origin, and there is none left. */
        NO_OTHER_ORIGIN,
        /** {@code attempts} are used up. */
        ATTEMPTS_USED,
        /** The pool retries too much already. */
        BUDGET_USED,
        /** {@code timeouts.total} leaves no time. */
        OUT_OF_TIME
    }

    /**
     * Decides.
     *
     * <ul>
     *   <li>A connect failure, or a reset before any response byte, of a request that is idempotent or not yet sent moves on
     *       to each untried usable origin, outside attempts and budget. When all are tried it may try the same ones again,
     *       within attempts and budget.
     *   <li>A time-out is retried within attempts and budget, at an untried origin if there is one.
     *   <li>A status is retried within attempts and budget, only at an untried origin.
     * </ul>
     *
     * @param random for the jitter of the pause
     */
    static RetryDecision decide(RetryFacts facts, Retries options, RandomGenerator random) {
        RetryCondition condition = condition(facts.result());
        if (condition == null || !options.on().contains(condition)) {
            return new Stop(Reason.NOT_RETRYABLE);
        }
        boolean sent = facts.sent() && !(facts.result() instanceof TryResult.ConnectFailed);
        if (sent && !options.methods().contains(facts.method())) {
            return new Stop(Reason.NOT_IDEMPOTENT);
        }
        if (!facts.replayable()) {
            return new Stop(Reason.NOT_REPLAYABLE);
        }
        if (facts.remaining().isNegative() || facts.remaining().isZero()) {
            return new Stop(Reason.OUT_OF_TIME);
        }
        boolean untried = facts.untriedUsable() > 0;
        switch (facts.result()) {
            case TryResult.ConnectFailed(), TryResult.Reset() -> {
                if (untried) {
                    return new MoveOn();
                }
            }
            case TryResult.Status(var _) -> {
                if (!untried) {
                    return new Stop(Reason.NO_OTHER_ORIGIN);
                }
            }
            case TryResult.TimedOut(), TryResult.Broken() -> {}
        }
        if (facts.countedTries() >= options.attempts()) {
            return new Stop(Reason.ATTEMPTS_USED);
        }
        if (!facts.budgetLeft()) {
            return new Stop(Reason.BUDGET_USED);
        }
        Duration backoff = backoff(options.backoff(), facts.countedTries(), random);
        if (backoff.compareTo(facts.remaining()) >= 0) {
            return new Stop(Reason.OUT_OF_TIME);
        }
        return new TryAgain(untried ? Target.UNTRIED : Target.ANY, backoff);
    }

    private static @Nullable RetryCondition condition(TryResult result) {
        return switch (result) {
            case TryResult.ConnectFailed() -> RetryCondition.CONNECT_FAILURE;
            case TryResult.Reset() -> RetryCondition.RESET;
            case TryResult.TimedOut() -> RetryCondition.TIMEOUT;
            case TryResult.Status(int code) -> RetryCondition.isRetryable(code) ? RetryCondition.status(code) : null;
            case TryResult.Broken() -> null;
        };
    }

    /** Doubles with each counted try, at most 64 times the base; half of it is random, so that retries spread. */
    private static Duration backoff(Duration base, int countedTries, RandomGenerator random) {
        long nanos = base.toNanos() << Math.min(Math.max(countedTries - 1, 0), 6);
        return nanos == 0 ? Duration.ZERO : Duration.ofNanos(nanos / 2 + random.nextLong(nanos / 2 + 1));
    }
}
