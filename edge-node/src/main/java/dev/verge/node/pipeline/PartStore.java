package dev.verge.node.pipeline;

import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.decision.StoredFields;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.ContentRange;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.partial.Arrival;
import dev.verge.cache.partial.PartDraft;
import dev.verge.cache.partial.Portion;
import dev.verge.cache.partial.RangeMemory;
import dev.verge.cache.partial.RangeMemory.Way;
import dev.verge.cache.partial.StrongValidator;
import dev.verge.cache.serve.BrowserFields;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.cache.store.BodyReader;
import dev.verge.cache.store.Fill;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.exchange.EdgeResponse;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of an origin's answer when only a part was asked for: slices, a part that stands alone, or one that completes. */
final class PartStore {
    private final TieredCache cache;
    private final RangeMemory ranges;
    private final Clock clock;
    private final StoredAnswers answers;
    private final LooseParts loose;
    private final SliceStore slices;
    private final Loop loop;

    PartStore(NodeParts node, StoredAnswers answers, SlicedAnswers sliced, Loop loop) {
        this.cache = node.cache();
        this.ranges = node.ranges();
        this.clock = node.clock();
        this.answers = answers;
        this.loose = new LooseParts(node, loop);
        this.slices = new SliceStore(node, answers, sliced, loose, loop);
        this.loop = loop;
    }

    /** What to do with the answer. */
    sealed interface Outcome {}

    /** What came of it; {@link Step.Continue} when the origin has to be asked once more. */
    record Done(Future<Step> step) implements Outcome {}

    /** It is of no use: the origin is asked for something else. */
    record AskAgain(CacheTurn turn) implements Outcome {}

    /** Go on as with the answer to an ordinary request. */
    record Ordinary(Fetched fetched) implements Outcome {}

    Outcome take(RequestState state, CacheTurn.Fill turn, Fetched fetched) {
        var head = new ResponseHead(fetched.status(), fetched.fields());
        Arrival arrival = Arrival.of(head, fetched.body().length(), fetched.receivedAt());
        return switch (turn.portion()) {
            case Portion.Whole whole -> new Ordinary(fetched);
            case Portion.AsItCame asItCame -> new Ordinary(fetched);
            case Portion.FirstSlice first -> slices.first(state, turn, first, fetched, arrival);
            case Portion.Tail tail -> tail(state, turn, fetched, arrival);
            case Portion.Rest rest -> rest(state, turn, rest, fetched, arrival);
            case Portion.Slice slice -> slices.next(state, turn, slice, fetched, arrival);
        };
    }

    private Outcome tail(RequestState state, CacheTurn.Fill turn, Fetched fetched, Arrival arrival) {
        return switch (arrival) {
            case Arrival.Other other -> new Ordinary(fetched);
            case Arrival.Unsatisfiable no -> LooseParts.unsatisfiable(state, turn, fetched);
            case Arrival.Everything all -> loose.everything(state, turn, fetched, all.whole());
            case Arrival.Part part -> alone(state, turn, fetched, part.range(), part.whole());
            case Arrival.Curtailed curtailed -> alone(state, turn, fetched, curtailed.range(), curtailed.whole());
            case Arrival.Unmeasured unmeasured -> LooseParts.verbatim(state, turn, fetched, "no-length");
            case Arrival.Nonsense nonsense -> loose.askAgain(turn, Way.WHOLE);
        };
    }

    /** Stored as it is. This client gets the origin's own words: it asked in its own, too. */
    private Outcome alone(
            RequestState state, CacheTurn.Fill turn, Fetched fetched, ContentRange range, ResponseHead whole) {
        return switch (Store.decide(state, fetched, whole)) {
            case StoreDecision.DoNotStore leave -> {
                if (!LooseParts.isOfTheRequest(leave.reason())) {
                    ranges.remember(turn.lookup().key(), Way.AS_IT_CAME);
                }
                yield LooseParts.verbatim(state, turn, fetched, Store.word(leave.reason()));
            }
            case StoreDecision.Store store -> {
                CacheStatus status =
                        Store.stored(CacheStatus.forwarded(turn.reason()), state, store.draft(), clock.instant());
                RequestState told = state.with(state.trail().withCache("miss", status));
                Fill fill = cache.insert(
                        turn.lookup(),
                        PartDraft.part(store.draft(), range),
                        state.requirePlan().cache().maxObjectBytes());
                Optional<BodyReader> reader = fill.reader(0);
                Store.tell(turn, flight -> flight.stored(fill));
                new FillDriver(loop, fetched.body(), fill).start();
                yield new Done(
                        reader.isPresent()
                                ? Step.respond(
                                        told, verbatim(told, fetched, new Body.Pulled(reader.get(), range.length())))
                                : Step.fail(told, OriginFailure.TRUNCATED));
            }
        };
    }

    private EdgeResponse verbatim(RequestState state, Fetched fetched, Body body) {
        StoredResponse received = new StoredResponse(
                0,
                new ResponseHead(fetched.status(), fetched.fields()),
                HttpFields.EMPTY,
                fetched.requestedAt(),
                fetched.receivedAt(),
                body.length(),
                false);
        long age = received.ageSeconds(clock.instant());
        HttpFields fields = BrowserFields.apply(
                StoredFields.forClient(fetched.fields()),
                state.requirePlan().cache().browserTtl(),
                age);
        return new EdgeResponse(fetched.status(), fields.with("age", Long.toString(age)), body, false);
    }

    private Outcome rest(
            RequestState state, CacheTurn.Fill turn, Portion.Rest asked, Fetched fetched, Arrival arrival) {
        return switch (arrival) {
            case Arrival.Other other -> new Ordinary(fetched);
            case Arrival.Everything all -> loose.everything(state, turn, fetched, all.whole());
            case Arrival.Part part
            when completes(asked, part, fetched.receivedAt()) ->
                switch (Store.decide(state, fetched, PartDraft.combined(asked.held(), part.whole()))) {
                    case StoreDecision.Store store -> new Done(combine(state, turn, asked, fetched, store.draft()));
                    case StoreDecision.DoNotStore leave -> new AskAgain(turn.unconditional());
                };
            case Arrival.Part part -> new AskAgain(turn.unconditional());
            case Arrival.Unsatisfiable no -> new AskAgain(turn.unconditional());
            case Arrival.Unmeasured unmeasured -> new AskAgain(turn.unconditional());
            case Arrival.Curtailed curtailed -> new AskAgain(turn.unconditional());
            case Arrival.Nonsense nonsense -> new AskAgain(turn.unconditional());
        };
    }

    /** RFC 9111 §3.4: the same strong validator, and exactly what was missing. */
    private static boolean completes(Portion.Rest asked, Arrival.Part part, Instant receivedAt) {
        StoredResponse held = asked.held();
        @Nullable StrongValidator known = StrongValidator.of(held.head().fields(), held.receivedAt());
        return part.range().equals(asked.gap())
                && known != null
                && known.equals(StrongValidator.of(part.whole().fields(), receivedAt));
    }

    private Future<Step> combine(
            RequestState state, CacheTurn.Fill turn, Portion.Rest asked, Fetched fetched, StoredResponse draft) {
        return loop.bring(cache.open(turn.lookup(), asked.held())).compose(held -> {
            CacheStatus status = CacheStatus.forwarded(turn.reason()).forwardStatus(fetched.status());
            if (held.isEmpty()) {
                // The stored part has gone meanwhile; what came is not enough without it.
                fetched.body().discard();
                return Step.goOn(state.with(turn.unconditional()));
            }
            RequestState told =
                    state.with(state.trail().withCache("miss", Store.stored(status, state, draft, clock.instant())));
            Fill fill = cache.insert(
                    turn.lookup(), draft, state.requirePlan().cache().maxObjectBytes());
            Optional<EdgeResponse> response = answers.along(told, fill);
            Store.tell(turn, flight -> flight.stored(fill));
            ContentRange range = asked.held().range();
            new RestDriver(loop, held.get(), fetched.body(), fill).start(range != null && range.first() == 0);
            return response.isPresent() ? Step.respond(told, response.get()) : Step.fail(told, OriginFailure.TRUNCATED);
        });
    }
}
