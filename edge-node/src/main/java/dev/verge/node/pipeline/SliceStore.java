package dev.verge.node.pipeline;

import dev.verge.cache.collapse.Collapser;
import dev.verge.cache.collapse.Flight;
import dev.verge.cache.collapse.Role;
import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.ContentRange;
import dev.verge.cache.partial.Arrival;
import dev.verge.cache.partial.PartDraft;
import dev.verge.cache.partial.Portion;
import dev.verge.cache.partial.RangeMemory.Way;
import dev.verge.cache.partial.Slices;
import dev.verge.cache.partial.StrongValidator;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.cache.store.Fill;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.exchange.EdgeResponse;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Large objects: the first slice makes the outline, every other one is held against it. */
final class SliceStore {
    private final TieredCache cache;
    private final Collapser collapser;
    private final Clock clock;
    private final StoredAnswers answers;
    private final SlicedAnswers sliced;
    private final LooseParts loose;
    private final Loop loop;

    SliceStore(NodeParts node, StoredAnswers answers, SlicedAnswers sliced, LooseParts loose, Loop loop) {
        this.cache = node.cache();
        this.collapser = node.collapser();
        this.clock = node.clock();
        this.answers = answers;
        this.sliced = sliced;
        this.loose = loose;
        this.loop = loop;
    }

    /** What comes of the first slice. */
    PartStore.Outcome first(
            RequestState state, CacheTurn.Fill turn, Portion.FirstSlice asked, Fetched fetched, Arrival arrival) {
        return switch (arrival) {
            case Arrival.Other other -> new PartStore.Ordinary(fetched);
            case Arrival.Unsatisfiable no -> LooseParts.unsatisfiable(state, turn, fetched);
            case Arrival.Everything all -> loose.everything(state, turn, fetched, all.whole());
            case Arrival.Part part ->
                switch (Store.decide(state, fetched, part.whole())) {
                    case StoreDecision.DoNotStore leave ->
                        loose.unshared(state, turn, fetched, part.range(), part.whole(), leave.reason());
                    case StoreDecision.Store store -> {
                        boolean usable = part.range()
                                        .equals(Slices.range(
                                                asked.index(), part.range().complete()))
                                && StrongValidator.of(part.whole().fields(), fetched.receivedAt()) != null;
                        yield usable
                                ? outline(state, turn, asked, fetched, part.range(), store.draft())
                                : loose.loose(
                                        state, turn, fetched, part.range(), part.whole(), Way.WHOLE, "no-validator");
                    }
                };
            case Arrival.Unmeasured unmeasured -> loose.askAgain(turn, Way.AS_IT_CAME);
            case Arrival.Curtailed curtailed -> loose.askAgain(turn, Way.WHOLE);
            case Arrival.Nonsense nonsense -> loose.askAgain(turn, Way.WHOLE);
        };
    }

    /** The object gets its outline, and the slice its place; the answer then comes out of slices like every later one. */
    private PartStore.Outcome outline(
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
        return new PartStore.Done(answer.map(step -> step instanceof Step.Respond respond
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

    /** What comes of one more slice. */
    PartStore.Outcome next(
            RequestState state, CacheTurn.Fill turn, Portion.Slice slice, Fetched fetched, Arrival arrival) {
        if (arrival instanceof Arrival.Part part
                && slice.agrees(part.range(), part.whole().fields(), fetched.receivedAt())) {
            return new PartStore.Done(keep(state, turn, slice, fetched, part));
        }
        if (!speaksOfTheObject(fetched.status())) {
            Store.tell(turn, fetched.status() >= 500 ? Flight::failed : Flight::forLeaderAlone);
            return new PartStore.Done(Store.passOn(state, fetched, "miss", CacheStatus.forwarded(turn.reason())));
        }
        // It is another object than the outline's: what is stored of the old one is of no use any more.
        fetched.body().discard();
        cache.drop(slice.main(), slice.outline());
        return new PartStore.Done(Step.fail(state, OriginFailure.CHANGED));
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
        switch (Store.decide(state, fetched, part.whole())) {
            case StoreDecision.Store store -> {
                fill = cache.insert(
                        turn.lookup(),
                        PartDraft.part(store.draft(), part.range()),
                        state.requirePlan().cache().maxObjectBytes());
                told = state.with(
                        state.trail().withCache("miss", Store.stored(status, state, slice.outline(), clock.instant())));
            }
            case StoreDecision.DoNotStore leave -> {
                fill = cache.insert(
                        turn.lookup(),
                        LooseParts.passing(fetched, part.range(), part.whole()),
                        LooseParts.NOTHING_KEPT);
                told = state.with(state.trail().withCache("miss", status));
                // These bytes are for the one who asked; who waits for them asks for himself.
                Store.tell(turn, Flight::forLeaderAlone);
            }
        }
        Optional<EdgeResponse> response = answers.along(told, fill);
        Store.tell(turn, flight -> flight.stored(fill));
        new FillDriver(loop, fetched.body(), fill).start();
        return response.isPresent() ? Step.respond(told, response.get()) : Step.fail(told, OriginFailure.TRUNCATED);
    }
}
