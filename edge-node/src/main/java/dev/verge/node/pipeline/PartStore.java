package dev.verge.node.pipeline;

import dev.verge.cache.collapse.Collapser;
import dev.verge.cache.collapse.Flight;
import dev.verge.cache.collapse.Role;
import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.decision.StoreDecision.Reason;
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
import dev.verge.cache.partial.Slices;
import dev.verge.cache.partial.StrongValidator;
import dev.verge.cache.serve.BrowserFields;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.cache.serve.Delivery;
import dev.verge.cache.store.BodyReader;
import dev.verge.cache.store.Fill;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.exchange.EdgeResponse;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of an origin's answer when only a part was asked for: slices, a part that stands alone, or one that completes. */
final class PartStore {
    /** A fill of that bound is read by those who follow it and never kept. */
    private static final long NOTHING_KEPT = 0;

    private final TieredCache cache;
    private final Collapser collapser;
    private final RangeMemory ranges;
    private final Clock clock;
    private final StoredAnswers answers;
    private final SlicedAnswers sliced;
    private final Loop loop;

    PartStore(NodeParts node, StoredAnswers answers, SlicedAnswers sliced, Loop loop) {
        this.cache = node.cache();
        this.collapser = node.collapser();
        this.ranges = node.ranges();
        this.clock = node.clock();
        this.answers = answers;
        this.sliced = sliced;
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
            case Portion.FirstSlice first -> firstSlice(state, turn, first, fetched, arrival);
            case Portion.Tail tail -> tail(state, turn, fetched, arrival);
            case Portion.Rest rest -> rest(state, turn, rest, fetched, arrival);
            case Portion.Slice slice -> slice(state, turn, slice, fetched, arrival);
        };
    }

    // -- The first slice of an object ---------------------------------------------------------------------------

    private Outcome firstSlice(
            RequestState state, CacheTurn.Fill turn, Portion.FirstSlice asked, Fetched fetched, Arrival arrival) {
        return switch (arrival) {
            case Arrival.Other other -> new Ordinary(fetched);
            case Arrival.Unsatisfiable no -> unsatisfiable(state, turn, fetched);
            case Arrival.Everything all -> everything(state, turn, fetched, all.whole());
            case Arrival.Part part ->
                switch (decide(state, fetched, part.whole())) {
                    case StoreDecision.DoNotStore leave ->
                        unshared(state, turn, fetched, part.range(), part.whole(), leave.reason());
                    case StoreDecision.Store store -> {
                        boolean usable = part.range()
                                        .equals(Slices.range(
                                                asked.index(), part.range().complete()))
                                && StrongValidator.of(part.whole().fields(), fetched.receivedAt()) != null;
                        yield usable
                                ? outline(state, turn, asked, fetched, part.range(), store.draft())
                                : loose(state, turn, fetched, part.range(), part.whole(), Way.WHOLE, "no-validator");
                    }
                };
            case Arrival.Unmeasured unmeasured -> askAgain(turn, Way.AS_IT_CAME);
            case Arrival.Curtailed curtailed -> askAgain(turn, Way.WHOLE);
            case Arrival.Nonsense nonsense -> askAgain(turn, Way.WHOLE);
        };
    }

    /** The object gets its outline, and the slice its place; the answer then comes out of slices like every later one. */
    private Outcome outline(
            RequestState state,
            CacheTurn.Fill turn,
            Portion.FirstSlice asked,
            Fetched fetched,
            ContentRange range,
            StoredResponse draft) {
        Lookup before = turn.lookup();
        StoredResponse fresh = PartDraft.outline(draft);
        @Nullable StoredResponse known = known(before, fresh);
        @Nullable Fill head = known == null ? cache.insert(before, fresh, Long.MAX_VALUE) : null;
        StoredResponse outline = head != null ? head.response() : fresh.withId(known == null ? 0 : known.id());
        Lookup place = before.forNew(before.key().slice(outline.id(), asked.index()));
        Role role = collapser.join(place, Collapse.PATIENCE);
        @Nullable Fill bytes = null;
        if (role instanceof Role.Lead lead) {
            bytes = cache.insert(
                    place,
                    PartDraft.part(draft, range),
                    state.requirePlan().cache().maxObjectBytes());
            lead.flight().stored(bytes);
        }
        // Whoever finds the outline from here on finds the slice on its way, too.
        if (head == null) {
            cache.freshen(before, List.of(outline));
        } else {
            head.complete();
        }
        Store.tell(turn, Flight::refreshed);
        RequestState told = state.with(state.trail()
                .withCache(
                        "miss", Store.stored(CacheStatus.forwarded(turn.reason()), state, outline, clock.instant())));
        // The client's reader opens before the first byte is written, so that it cannot miss the end.
        Future<Step> answer =
                sliced.serve(told, before, outline, outline.ageSeconds(clock.instant()), turn.unconditional());
        if (bytes == null) {
            // Somebody else brings this slice already.
            fetched.body().discard();
        } else {
            new FillDriver(loop, fetched.body(), bytes).start();
        }
        return new Done(answer.map(step -> step instanceof Step.Respond respond
                ? new Step.Respond(respond.state(), Store.withOwnFields(respond.response(), outline, fetched))
                : step));
    }

    /** The stored outline of the same object: its slices stay in use. Null when there is none. */
    private @Nullable StoredResponse known(Lookup before, StoredResponse fresh) {
        Lookup now = cache.lookupNow(before.key());
        for (StoredResponse stored : now == null ? before.variants() : now.variants()) {
            boolean same = fresh.replaces(stored)
                    && Objects.equals(fresh.range(), stored.range())
                    && Objects.equals(validator(fresh), validator(stored));
            if (same) {
                return stored;
            }
        }
        return null;
    }

    private static @Nullable StrongValidator validator(StoredResponse stored) {
        return StrongValidator.of(stored.head().fields(), stored.receivedAt());
    }

    private Outcome everything(RequestState state, CacheTurn.Fill turn, Fetched fetched, ResponseHead whole) {
        if (decide(state, fetched, whole) instanceof StoreDecision.DoNotStore leave) {
            long length = fetched.body().length() < 0
                    ? completeLength(whole)
                    : fetched.body().length();
            return unshared(state, turn, fetched, ContentRange.part(0, length, length), whole, leave.reason());
        }
        return new Ordinary(new Fetched(
                whole.status(), whole.fields(), fetched.body(), fetched.requestedAt(), fetched.receivedAt()));
    }

    private static long completeLength(ResponseHead whole) {
        String stated = whole.fields().first("Content-Length");
        return stated == null ? 0 : Long.parseLong(stated);
    }

    /** Nothing of this object may be stored: so it is remembered, unless it is this request's own doing. */
    private Outcome unshared(
            RequestState state,
            CacheTurn.Fill turn,
            Fetched fetched,
            ContentRange range,
            ResponseHead whole,
            Reason reason) {
        String why = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
        boolean own = reason == Reason.REQUEST_NO_STORE || reason == Reason.AUTHORIZATION;
        if (own) {
            Store.tell(turn, Flight::gone);
        } else {
            Store.tell(turn, Flight::uncacheable);
            ranges.remember(turn.lookup().key(), Way.AS_IT_CAME);
        }
        return trimmed(state, turn, fetched, range, whole, why)
                .map(step -> (Outcome) new Done(step))
                .orElseGet(() -> new AskAgain(new CacheTurn.Pass(turn.reason())));
    }

    /** The bytes are good, but not for the store. */
    private Outcome loose(
            RequestState state,
            CacheTurn.Fill turn,
            Fetched fetched,
            ContentRange range,
            ResponseHead whole,
            Way next,
            String why) {
        ranges.remember(turn.lookup().key(), next);
        Optional<Future<Step>> answer = trimmed(state, turn, fetched, range, whole, why);
        if (answer.isEmpty()) {
            return askAgain(turn, next);
        }
        Store.tell(turn, Flight::gone);
        return new Done(answer.get());
    }

    /** What the client asked for, out of what came; empty when that is not all of it. */
    private Optional<Future<Step>> trimmed(
            RequestState state,
            CacheTurn.Fill turn,
            Fetched fetched,
            ContentRange range,
            ResponseHead whole,
            String why) {
        StoredResponse passing = passing(fetched, range, whole);
        Delivery delivery = Delivery.choose(state.head(), passing.asWhole(), clock.instant());
        RequestState told = state.with(state.trail()
                .withCache("miss", CacheStatus.forwarded(turn.reason()).detail(why)));
        long age = passing.ageSeconds(clock.instant());
        // Nobody needs what lies behind: a long answer would be read to its end for a few bytes.
        boolean isShort = range.length() <= Slices.BYTES;
        if (isShort
                && delivery instanceof Delivery.Part part
                && part.first() >= range.first()
                && part.first() + part.length() - 1 <= range.last()) {
            Fill fill = cache.insert(turn.lookup(), passing, NOTHING_KEPT);
            Optional<BodyReader> reader = fill.reader(part.first() - range.first(), part.length());
            new FillDriver(loop, fetched.body(), fill).start();
            return reader.map(open -> Step.respond(
                    told, StoredAnswers.response(told, part.head(), new Body.Pulled(open, part.length()), age)));
        }
        Optional<EdgeResponse> headAlone = StoredAnswers.withoutBody(told, delivery, age);
        headAlone.ifPresent(answer -> fetched.body().discard());
        return headAlone.map(answer -> Step.respond(told, answer));
    }

    /** A part that is only passed on: with all its fields, and whatever the request was. */
    private static StoredResponse passing(Fetched fetched, ContentRange range, ResponseHead whole) {
        var complete = new StoredResponse(
                0, whole, HttpFields.EMPTY, fetched.requestedAt(), fetched.receivedAt(), range.complete(), false);
        return PartDraft.part(complete, range);
    }

    private Outcome askAgain(CacheTurn.Fill turn, Way way) {
        ranges.remember(turn.lookup().key(), way);
        if (way == Way.AS_IT_CAME) {
            Store.tell(turn, Flight::gone);
            return new AskAgain(new CacheTurn.Pass(turn.reason()));
        }
        return new AskAgain(turn.unconditional());
    }

    /** It says nothing of the representation but its length; those who wait have ranges of their own. */
    private static Outcome unsatisfiable(RequestState state, CacheTurn.Fill turn, Fetched fetched) {
        Store.tell(turn, Flight::gone);
        return new Done(Store.passOn(state, fetched, "miss", CacheStatus.forwarded(turn.reason())));
    }

    // -- The end of an object of unknown length -----------------------------------------------------------------

    private Outcome tail(RequestState state, CacheTurn.Fill turn, Fetched fetched, Arrival arrival) {
        return switch (arrival) {
            case Arrival.Other other -> new Ordinary(fetched);
            case Arrival.Unsatisfiable no -> unsatisfiable(state, turn, fetched);
            case Arrival.Everything all -> everything(state, turn, fetched, all.whole());
            case Arrival.Part part -> alone(state, turn, fetched, part.range(), part.whole());
            case Arrival.Curtailed curtailed -> alone(state, turn, fetched, curtailed.range(), curtailed.whole());
            case Arrival.Unmeasured unmeasured -> verbatim(state, turn, fetched, "no-length");
            case Arrival.Nonsense nonsense -> askAgain(turn, Way.WHOLE);
        };
    }

    /** Stored as it is. This client gets the origin's own words: it asked in its own, too. */
    private Outcome alone(
            RequestState state, CacheTurn.Fill turn, Fetched fetched, ContentRange range, ResponseHead whole) {
        return switch (decide(state, fetched, whole)) {
            case StoreDecision.DoNotStore leave -> {
                if (leave.reason() != Reason.REQUEST_NO_STORE && leave.reason() != Reason.AUTHORIZATION) {
                    ranges.remember(turn.lookup().key(), Way.AS_IT_CAME);
                }
                yield verbatim(
                        state,
                        turn,
                        fetched,
                        leave.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
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

    private static Outcome verbatim(RequestState state, CacheTurn.Fill turn, Fetched fetched, String why) {
        Store.tell(turn, Flight::gone);
        return new Done(Store.passOn(
                state, fetched, "miss", CacheStatus.forwarded(turn.reason()).detail(why)));
    }

    // -- The rest of a stored part ------------------------------------------------------------------------------

    private Outcome rest(
            RequestState state, CacheTurn.Fill turn, Portion.Rest asked, Fetched fetched, Arrival arrival) {
        return switch (arrival) {
            case Arrival.Other other -> new Ordinary(fetched);
            case Arrival.Everything all -> everything(state, turn, fetched, all.whole());
            case Arrival.Part part
            when completes(asked, part, fetched.receivedAt()) ->
                switch (decide(state, fetched, PartDraft.combined(asked.held(), part.whole()))) {
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

    // -- One more slice -----------------------------------------------------------------------------------------

    private Outcome slice(
            RequestState state, CacheTurn.Fill turn, Portion.Slice slice, Fetched fetched, Arrival arrival) {
        if (arrival instanceof Arrival.Part part
                && slice.agrees(part.range(), part.whole().fields(), fetched.receivedAt())) {
            return new Done(keep(state, turn, slice, fetched, part));
        }
        if (!speaksOfTheObject(fetched.status())) {
            Store.tell(turn, fetched.status() >= 500 ? Flight::failed : Flight::gone);
            return new Done(Store.passOn(state, fetched, "miss", CacheStatus.forwarded(turn.reason())));
        }
        // It is another object than the outline's: what is stored of the old one is of no use any more.
        fetched.body().discard();
        cache.drop(slice.main(), slice.outline());
        return new Done(Step.fail(state, OriginFailure.CHANGED));
    }

    /** Other answers are about the request, such as its credentials: whoever sends it must not end what others use. */
    private static boolean speaksOfTheObject(int status) {
        return status < 300 || status == 404 || status == 410 || status == 416;
    }

    private Future<Step> keep(
            RequestState state, CacheTurn.Fill turn, Portion.Slice slice, Fetched fetched, Arrival.Part part) {
        CacheStatus status = CacheStatus.forwarded(turn.reason());
        Fill fill;
        RequestState told;
        switch (decide(state, fetched, part.whole())) {
            case StoreDecision.Store store -> {
                fill = cache.insert(
                        turn.lookup(),
                        PartDraft.part(store.draft(), part.range()),
                        state.requirePlan().cache().maxObjectBytes());
                told = state.with(
                        state.trail().withCache("miss", Store.stored(status, state, slice.outline(), clock.instant())));
            }
            case StoreDecision.DoNotStore leave -> {
                fill = cache.insert(turn.lookup(), passing(fetched, part.range(), part.whole()), NOTHING_KEPT);
                told = state.with(state.trail().withCache("miss", status));
            }
        }
        Optional<EdgeResponse> response = answers.along(told, fill);
        Store.tell(turn, flight -> flight.stored(fill));
        new FillDriver(loop, fetched.body(), fill).start();
        return response.isPresent() ? Step.respond(told, response.get()) : Step.fail(told, OriginFailure.TRUNCATED);
    }

    private static StoreDecision decide(RequestState state, Fetched fetched, ResponseHead whole) {
        return StoreDecision.decide(
                state.head(),
                whole,
                fetched.requestedAt(),
                fetched.receivedAt(),
                state.requirePlan().cache());
    }
}
