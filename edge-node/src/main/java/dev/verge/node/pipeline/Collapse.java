package dev.verge.node.pipeline;

import dev.verge.cache.collapse.Collapser;
import dev.verge.cache.collapse.Ending;
import dev.verge.cache.collapse.Flight;
import dev.verge.cache.collapse.Role;
import dev.verge.cache.decision.CacheDecision;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.partial.Portion;
import dev.verge.cache.partial.Slices;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.cache.store.Fill;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.observe.Stage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets one request for a key fetch, and the others wait for what it brings. A background fetch that another is already at ends here. */
final class Collapse implements Phase {
    /** Waiting longer than this for another request helps nobody; then everybody fetches alone. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A fill that is no farther behind than this is worth waiting for. */
    private static final long FAR_BYTES = 8 * Slices.BYTES;

    static final int MAX_RESTARTS = 3;
    /** After a failed fetch one of the waiters tries once more; when that fails too, all have failed. */
    private static final int HAND_OVERS = 1;

    private final TieredCache cache;
    private final Collapser collapser;
    private final CacheLookup lookup;
    private final StoredAnswers answers;
    private final Loop loop;
    private final Clock clock;
    private final AtomicInteger waiting;

    /** @param waiting how many wait at the moment, on all loops */
    Collapse(
            TieredCache cache,
            Collapser collapser,
            CacheLookup lookup,
            StoredAnswers answers,
            Loop loop,
            Clock clock,
            AtomicInteger waiting) {
        this.cache = cache;
        this.collapser = collapser;
        this.lookup = lookup;
        this.answers = answers;
        this.loop = loop;
        this.clock = clock;
        this.waiting = waiting;
    }

    @Override
    public String title() {
        return "collapse";
    }

    @Override
    public Stage stage() {
        return Stage.COLLAPSE;
    }

    @Override
    public Future<Step> apply(RequestState state) {
        boolean background = state.kind() == RequestState.Kind.REVALIDATION;
        if (!(state.turn() instanceof CacheTurn.Fill turn)
                || turn.restarts() >= MAX_RESTARTS
                || !(background
                        || turn.portion() instanceof Portion.Slice
                        || state.requirePlan().cache().collapse())) {
            return Step.goOn(state);
        }
        if (background) {
            return collapser
                    .begin(turn.lookup())
                    .map(flight -> Step.goOn(lead(state, turn, flight)))
                    .orElseGet(() -> Step.respond(state, EdgeResponse.of(204, HttpFields.EMPTY, Buffer.buffer())));
        }
        Role role = collapser.join(turn.lookup(), PATIENCE);
        return switch (role) {
            case Role.Lead lead
            when cameMeanwhile(turn.lookup()) -> {
                lead.flight().gone();
                yield startOver(state, turn.restarts() + 1);
            }
            case Role.Lead lead -> Step.goOn(lead(state, turn, lead.flight()));
            case Role.Wait wait -> {
                waiting.incrementAndGet();
                yield loop.bring(wait.ending())
                        .onComplete(over -> waiting.decrementAndGet())
                        .compose(ending -> landed(state, turn, ending));
            }
            case Role.Alone alone -> Step.goOn(state);
        };
    }

    /** Whether another request's fetch ended between this one's look-up and its turn: then there is no need for one more. */
    private boolean cameMeanwhile(Lookup before) {
        Lookup now = cache.lookupNow(before.key());
        return now != null && !before.variants().containsAll(now.variants());
    }

    private static RequestState lead(RequestState state, CacheTurn.Fill turn, Flight flight) {
        state.cancellation().whenever(flight::gone);
        return state.with(turn.leading(flight));
    }

    private Future<Step> landed(RequestState state, CacheTurn.Fill turn, Ending ending) {
        return switch (ending) {
            case Ending.Stored stored -> share(state, turn, stored.fill());
            // Counted: or many who each get an answer of their own would ask the origin one after the other.
            case Ending.ForLeaderAlone own -> startOver(state, turn.restarts() + 1);
            case Ending.Refreshed refreshed -> startOver(state, turn.restarts() + 1);
            // Not counted: each time a client has really gone, so this ends by itself.
            case Ending.LeaderGone gone -> startOver(state, turn.restarts());
            case Ending.Uncacheable uncacheable -> Step.goOn(state);
            case Ending.Failed failed
            when turn.portion() instanceof Portion.Slice -> Step.fail(state, OriginFailure.CHANGED);
            case Ending.Failed failed ->
                turn.restarts() >= HAND_OVERS || staleHelps(state, turn)
                        ? Step.fail(state, OriginFailure.NONE_HEALTHY)
                        : startOver(state, turn.restarts() + 1);
            case Ending.TimedOut late -> Step.goOn(state);
        };
    }

    private Future<Step> share(RequestState state, CacheTurn.Fill turn, Fill fill) {
        if (!fill.response().vary().matches(state.head().fields())) {
            return startOver(state, turn.restarts() + 1);
        }
        if (isFarAhead(turn.portion(), fill)) {
            return Step.goOn(state);
        }
        RequestState told = state.with(state.trail()
                .withCache("hit", CacheStatus.forwarded(turn.reason()).collapsed()));
        Optional<EdgeResponse> response = answers.along(told, fill);
        return response.isPresent() ? Step.respond(told, response.get()) : startOver(state, turn.restarts() + 1);
    }

    /** Whether a range begins where the fill of the whole comes only after a while: then its slices come sooner. */
    private static boolean isFarAhead(Portion portion, Fill fill) {
        return portion instanceof Portion.FirstSlice slice
                && fill.response().isComplete()
                && Slices.first(slice.index()) > fill.received() + FAR_BYTES;
    }

    /** With a stale response at hand, the failure that another met is answered with it; the origin is not asked again. */
    private boolean staleHelps(RequestState state, CacheTurn.Fill turn) {
        StoredResponse stored = turn.stored();
        return stored != null
                && CacheDecision.afterOriginFailure(
                                state.head(),
                                stored,
                                clock.instant(),
                                state.requirePlan().cache())
                        != null;
    }

    private Future<Step> startOver(RequestState state, int restarts) {
        return lookup.again(state, restarts)
                .compose(step ->
                        step instanceof Step.Continue next ? apply(next.state()) : Future.succeededFuture(step));
    }
}
