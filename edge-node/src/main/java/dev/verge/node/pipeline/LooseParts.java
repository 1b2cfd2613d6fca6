package dev.verge.node.pipeline;

import dev.verge.cache.collapse.Flight;
import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.decision.StoreDecision.Reason;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.ContentRange;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.partial.PartDraft;
import dev.verge.cache.partial.RangeMemory;
import dev.verge.cache.partial.RangeMemory.Way;
import dev.verge.cache.partial.Slices;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.cache.serve.Delivery;
import dev.verge.cache.store.BodyReader;
import dev.verge.cache.store.Fill;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeResponse;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Optional;

/** Bytes that are not for the store: answers out of them, and what to ask for where they are not enough. */
final class LooseParts {
    /** A fill of that bound is read by those who follow it and never kept. */
    static final long NOTHING_KEPT = 0;

    private final TieredCache cache;
    private final RangeMemory ranges;
    private final Clock clock;
    private final Loop loop;

    LooseParts(NodeParts node, Loop loop) {
        this.cache = node.cache();
        this.ranges = node.ranges();
        this.clock = node.clock();
        this.loop = loop;
    }

    /** The 206 is as good as a 200: it goes the way of one, unless it may not be stored. */
    PartStore.Outcome everything(RequestState state, CacheTurn.Fill turn, Fetched fetched, ResponseHead whole) {
        if (Store.decide(state, fetched, whole) instanceof StoreDecision.DoNotStore leave) {
            long length = length(whole);
            return unshared(state, turn, fetched, ContentRange.part(0, length, length), whole, leave.reason());
        }
        return new PartStore.Ordinary(new Fetched(
                whole.status(), whole.fields(), fetched.body(), fetched.requestedAt(), fetched.receivedAt()));
    }

    private static long length(ResponseHead whole) {
        String stated = whole.fields().first("Content-Length");
        return stated == null ? 0 : Long.parseLong(stated);
    }

    /** Nothing of this object may be stored: so it is remembered, unless it is this request's own doing. */
    PartStore.Outcome unshared(
            RequestState state,
            CacheTurn.Fill turn,
            Fetched fetched,
            ContentRange range,
            ResponseHead whole,
            Reason reason) {
        if (isOfTheRequest(reason)) {
            Store.tell(turn, Flight::forLeaderAlone);
        } else {
            Store.tell(turn, Flight::uncacheable);
            ranges.remember(turn.lookup().key(), Way.AS_IT_CAME);
        }
        return trimmed(state, turn, fetched, range, whole, Store.word(reason))
                .map(step -> (PartStore.Outcome) new PartStore.Done(step))
                .orElseGet(() -> new PartStore.AskAgain(new CacheTurn.Pass(turn.reason())));
    }

    /** The bytes are good, but not for the store. */
    PartStore.Outcome loose(
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
        Store.tell(turn, Flight::forLeaderAlone);
        return new PartStore.Done(answer.get());
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
    static StoredResponse passing(Fetched fetched, ContentRange range, ResponseHead whole) {
        var complete = new StoredResponse(
                0, whole, HttpFields.EMPTY, fetched.requestedAt(), fetched.receivedAt(), range.complete(), false);
        return PartDraft.part(complete, range);
    }

    PartStore.Outcome askAgain(CacheTurn.Fill turn, Way way) {
        ranges.remember(turn.lookup().key(), way);
        if (way == Way.AS_IT_CAME) {
            Store.tell(turn, Flight::forLeaderAlone);
            return new PartStore.AskAgain(new CacheTurn.Pass(turn.reason()));
        }
        return new PartStore.AskAgain(turn.unconditional());
    }

    /** It says nothing of the representation but its length; those who wait have ranges of their own. */
    static PartStore.Outcome unsatisfiable(RequestState state, CacheTurn.Fill turn, Fetched fetched) {
        Store.tell(turn, Flight::forLeaderAlone);
        return new PartStore.Done(Store.passOn(state, fetched, "miss", CacheStatus.forwarded(turn.reason())));
    }

    /** Whether it is this request's own doing, and says nothing about others. */
    static boolean isOfTheRequest(Reason reason) {
        return reason == Reason.REQUEST_NO_STORE || reason == Reason.AUTHORIZATION;
    }

    static PartStore.Outcome verbatim(RequestState state, CacheTurn.Fill turn, Fetched fetched, String why) {
        Store.tell(turn, Flight::forLeaderAlone);
        return new PartStore.Done(Store.passOn(
                state, fetched, "miss", CacheStatus.forwarded(turn.reason()).detail(why)));
    }
}
