package dev.verge.node.pipeline;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.partial.Portion;
import dev.verge.cache.partial.Slices;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.cache.serve.Delivery;
import dev.verge.cache.store.BodyReader;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import io.vertx.core.Future;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request for a range out of slices. The outline says how the answer looks; the first slice is there before the head is
 * sent, so that what can go wrong until then is still answered properly. Later it can only be broken off.
 */
final class SlicedAnswers {
    private final TieredCache cache;
    private final Fetcher fetcher;
    private final Loop loop;
    private final Clock clock;

    /** Gets a slice by the phases that every answer comes by. */
    @FunctionalInterface
    interface Fetcher {
        Future<Step> fetch(RequestState state);
    }

    SlicedAnswers(TieredCache cache, Fetcher fetcher, Loop loop, Clock clock) {
        this.cache = cache;
        this.fetcher = fetcher;
        this.loop = loop;
        this.clock = clock;
    }

    /**
     * An answer out of slices, or none that needs them.
     *
     * @param found where the outline is stored
     * @param vanished how to go on without the outline: it asks for the whole
     */
    Future<Step> serve(
            RequestState state, Lookup found, StoredResponse outline, long ageSeconds, CacheTurn.Fill vanished) {
        cache.touch(found, outline);
        Delivery delivery = Delivery.choose(state.head(), outline.asWhole(), clock.instant());
        if (delivery instanceof Delivery.Part part) {
            return begin(state, found, outline, part, ageSeconds, vanished);
        }
        // Where the whole is to be sent after all, an outline is of no use.
        return StoredAnswers.withoutBody(state, delivery, ageSeconds)
                .map(answer -> Step.respond(state, answer))
                .orElseGet(() -> Step.goOn(state.with(vanished)));
    }

    private Future<Step> begin(
            RequestState state,
            Lookup found,
            StoredResponse outline,
            Delivery.Part part,
            long ageSeconds,
            CacheTurn.Fill vanished) {
        CacheKey key = found.key();
        SliceOpening first = open(state, key, outline, part.first(), part.length());
        state.cancellation().set(first::giveUp);
        return first.step().map(ended -> {
            state.cancellation().clear();
            @Nullable BodyReader opened = SliceOpening.readerOf(ended);
            if (opened == null) {
                return notTheSlice(state, part, ended, vanished);
            }
            long end = part.first() + part.length();
            long next = part.first() + first.slice().length();
            BodyReader reader = next == end
                    ? opened
                    : new SlicedReader(
                            loop, (offset, length) -> open(state, key, outline, offset, length), opened, next, end);
            if (state.cancellation().isCancelled()) {
                reader.close();
            }
            RequestState told = ended instanceof Step.Respond answer
                    ? told(state, answer.state().trail())
                    : state;
            return new Step.Respond(
                    told,
                    StoredAnswers.response(told, part.head(), new Body.Pulled(reader, part.length()), ageSeconds));
        });
    }

    private SliceOpening open(RequestState state, CacheKey key, StoredResponse outline, long first, long length) {
        Portion.Slice slice = Portion.Slice.of(key, outline, first, length);
        RequestState own = state.forSlice(slice);
        return new SliceOpening(slice, own.cancellation(), fetcher.fetch(own));
    }

    /** Nothing was sent yet: another answer of the origin is passed on, and for another object the request starts over. */
    private static Step notTheSlice(RequestState state, Delivery.Part part, Step ended, CacheTurn.Fill vanished) {
        return switch (ended) {
            case Step.Respond answer ->
                new Step.Respond(told(state, answer.state().trail()), answer.response());
            case Step.Continue nothing -> new Step.Fail(state, OriginFailure.BAD_ANSWER);
            case Step.Fail fail -> {
                EdgeError error = fail.error();
                if (error != OriginFailure.CHANGED) {
                    yield new Step.Fail(told(state, fail.state().trail()), error);
                }
                CacheTurn.Fill anew = vanished.restarted(vanished.restarts() + 1);
                yield new Step.Continue(state.with(
                        vanished.restarts() < Collapse.MAX_RESTARTS
                                ? anew.asking(new Portion.FirstSlice(Slices.index(part.first())))
                                : anew));
            }
        };
    }

    /** A hit is one when the first slice was there as well; and the log shall know who sent it. */
    private static RequestState told(RequestState state, Trail slice) {
        Trail trail = state.trail();
        CacheStatus status = slice.cacheStatus();
        boolean fetched = slice.tries() > 0 || !slice.cache().equals("hit");
        boolean wasHit = trail.cache().equals("hit") || trail.cache().equals("stale");
        Trail changed = wasHit && fetched && status != null ? trail.withCache("miss", status) : trail;
        String origin = slice.origin();
        return state.with(
                trail.tries() == 0 && origin != null
                        ? changed.withOrigin(origin, slice.tries(), slice.hedges())
                        : changed);
    }
}
