package dev.verge.node.pipeline;

import dev.verge.cache.collapse.Flight;
import dev.verge.cache.decision.CacheDecision;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.node.exchange.EdgeError;
import io.vertx.core.Future;
import java.time.Clock;

/** When origins fail: a stored response past its lifetime, where it may help (RFC 5861 §4). */
final class StaleIfError {
    private final StoredAnswers answers;
    private final Clock clock;

    StaleIfError(StoredAnswers answers, Clock clock) {
        this.answers = answers;
        this.clock = clock;
    }

    /** The request did go forward, so this is no hit in the sense of RFC 9211 §2.1. */
    static CacheStatus status(CacheTurn.Fill turn, CacheDecision.ServeStale stale) {
        return CacheStatus.forwarded(turn.reason()).ttl(stale.ttlSeconds()).detail("stale-if-error");
    }

    /** The failure itself, or a stale answer in its place. */
    Future<Step> recover(Step.Fail failure) {
        RequestState state = failure.state();
        if (!(state.turn() instanceof CacheTurn.Fill turn)) {
            return Future.succeededFuture(failure);
        }
        Flight flight = turn.flight();
        if (flight != null) {
            flight.failed();
        }
        StoredResponse stored = turn.stored();
        boolean helps = failure.error().side() == EdgeError.Side.ORIGIN
                || failure.error().side() == EdgeError.Side.FUNCTION
                || failure.error() instanceof EdgeError.Overloaded;
        if (stored == null || !helps) {
            return Future.succeededFuture(failure);
        }
        CacheDecision.ServeStale stale = CacheDecision.afterOriginFailure(
                state.head(), stored, clock.instant(), state.requirePlan().cache());
        if (stale == null || answers.isDenied(state.head(), stored)) {
            // A stale response is no proof that a client's condition fails.
            return Future.succeededFuture(failure);
        }
        RequestState told = state.with(state.trail().withCache("stale", status(turn, stale)));
        return answers.serve(told, turn.lookup(), stored, stale.ageSeconds(), turn)
                .map(step -> step instanceof Step.Respond ? step : failure);
    }
}
