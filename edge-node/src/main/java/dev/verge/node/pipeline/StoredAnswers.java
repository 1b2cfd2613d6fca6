package dev.verge.node.pipeline;

import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.ContentRange;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.partial.Portion;
import dev.verge.cache.serve.BrowserFields;
import dev.verge.cache.serve.Delivery;
import dev.verge.cache.store.BodyReader;
import dev.verge.cache.store.Fill;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeResponse;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Makes a client's response out of a stored one, or out of one that is being stored. */
final class StoredAnswers {
    private final TieredCache cache;
    private final SlicedAnswers sliced;
    private final Loop loop;
    private final Clock clock;

    StoredAnswers(TieredCache cache, SlicedAnswers sliced, Loop loop, Clock clock) {
        this.cache = cache;
        this.sliced = sliced;
        this.loop = loop;
        this.clock = clock;
    }

    /** Whether a client's If-Match or If-Unmodified-Since does not hold for a stored response. */
    boolean isDenied(RequestHead head, StoredResponse stored) {
        return (head.fields().contains("If-Match") || head.fields().contains("If-Unmodified-Since"))
                && Delivery.choose(head, stored.asWhole(), clock.instant()) instanceof Delivery.PreconditionFailed;
    }

    /** @param vanished how to go on when the entry has gone in the meantime */
    Future<Step> serve(
            RequestState state, Lookup found, StoredResponse stored, long ageSeconds, CacheTurn.Fill vanished) {
        if (stored.isOutline()) {
            return sliced.serve(state, found, stored, ageSeconds, vanished);
        }
        if (stored.range() != null) {
            return part(state, found, stored, stored.range(), ageSeconds, vanished);
        }
        Delivery delivery = Delivery.choose(state.head(), stored, clock.instant());
        if (state.head().isHead()) {
            return Step.respond(state, head(state, stored, ageSeconds));
        }
        return switch (delivery) {
            case Delivery.Whole whole -> {
                if (stored.bodyBytes() == 0) {
                    yield Step.respond(state, response(state, whole.head(), Body.none(), ageSeconds));
                }
                yield read(state, cache.open(found, stored), whole.head(), stored.bodyBytes(), ageSeconds, vanished);
            }
            case Delivery.Part part ->
                read(
                        state,
                        cache.open(found, stored, part.first(), part.length()),
                        part.head(),
                        part.length(),
                        ageSeconds,
                        vanished);
            case Delivery.Parts parts -> {
                MultipartBody multipart = new MultipartBody(parts);
                yield read(
                        state,
                        multipart.of(range -> cache.open(found, stored, range.first(), range.length())),
                        multipart.head(),
                        multipart.length(),
                        ageSeconds,
                        vanished);
            }
            case Delivery.NotModified unchanged ->
                Step.respond(state, response(state, unchanged.head(), Body.none(), ageSeconds));
            case Delivery.PreconditionFailed failed -> Step.respond(state, refusal(failed));
            case Delivery.Unsatisfiable unsatisfiable -> Step.respond(state, refusal(unsatisfiable));
        };
    }

    /** Out of a stored part: where it does not hold what is asked for, it is as good as gone. */
    private Future<Step> part(
            RequestState state,
            Lookup found,
            StoredResponse stored,
            ContentRange held,
            long ageSeconds,
            CacheTurn.Fill vanished) {
        Delivery delivery = delivery(state, stored);
        if (delivery instanceof Delivery.Part part && within(held, part)) {
            return read(
                    state,
                    cache.open(found, stored, part.first() - held.first(), part.length()),
                    part.head(),
                    part.length(),
                    ageSeconds,
                    vanished);
        }
        return withoutBody(state, delivery, ageSeconds)
                .map(answer -> Step.respond(state, answer))
                .orElseGet(() -> Step.goOn(state.with(vanished)));
    }

    /** What the request gets of the representation that a stored part belongs to; for a slice, what is wanted of it. */
    private Delivery delivery(RequestState state, StoredResponse stored) {
        return state.turn().portion() instanceof Portion.Slice slice
                ? new Delivery.Part(new ResponseHead(206, stored.clientFields()), slice.first(), slice.length())
                : Delivery.choose(state.head(), stored.asWhole(), clock.instant());
    }

    private static boolean within(ContentRange held, Delivery.Part part) {
        return part.first() >= held.first() && part.first() + part.length() - 1 <= held.last();
    }

    /** The answer where the head is all of it; empty where bytes are needed. */
    static Optional<EdgeResponse> withoutBody(RequestState state, Delivery delivery, long ageSeconds) {
        return switch (delivery) {
            case Delivery.NotModified unchanged ->
                Optional.of(response(state, unchanged.head(), Body.none(), ageSeconds));
            case Delivery.PreconditionFailed failed -> Optional.of(refusal(failed));
            case Delivery.Unsatisfiable unsatisfiable -> Optional.of(refusal(unsatisfiable));
            case Delivery.Whole whole -> Optional.empty();
            case Delivery.Part part -> Optional.empty();
            case Delivery.Parts parts -> Optional.empty();
        };
    }

    /** The answer to a HEAD. */
    EdgeResponse head(RequestState state, StoredResponse stored, long ageSeconds) {
        Delivery delivery = Delivery.choose(state.head(), stored, clock.instant());
        return delivery instanceof Delivery.PreconditionFailed
                ? refusal(delivery)
                : response(state, sized(delivery, stored), Body.none(), ageSeconds);
    }

    /** The whole of a fill that has just begun, whatever the request says of conditions and ranges. */
    EdgeResponse whole(RequestState state, Fill fill) {
        StoredResponse stored = fill.response();
        BodyReader reader = fill.reader(0).orElseThrow(() -> new IllegalStateException("nothing was written yet"));
        return response(
                state,
                new ResponseHead(stored.status(), stored.clientFields()),
                new Body.Pulled(reader, stored.bodyBytes()),
                stored.ageSeconds(clock.instant()));
    }

    /** An answer that speaks of the request, not of the stored response: neither its age nor its lifetime. */
    private static EdgeResponse refusal(Delivery refused) {
        return new EdgeResponse(refused.head().status(), refused.head().fields(), Body.none(), false);
    }

    /** A HEAD says how long the content would be, also where the origin did not (RFC 9110 §8.6). */
    static ResponseHead sized(Delivery delivery, StoredResponse stored) {
        ResponseHead head = delivery.head();
        return delivery instanceof Delivery.Whole && stored.bodyBytes() >= 0
                ? head.withFields(head.fields().with("content-length", Long.toString(stored.bodyBytes())))
                : head;
    }

    private Future<Step> read(
            RequestState state,
            CompletableFuture<Optional<BodyReader>> opening,
            ResponseHead head,
            long length,
            long ageSeconds,
            CacheTurn.Fill vanished) {
        return loop.bring(opening).map(opened -> {
            if (opened.isEmpty()) {
                return new Step.Continue(state.with(vanished));
            }
            BodyReader reader = opened.get();
            if (state.cancellation().isCancelled()) {
                reader.close();
            }
            return new Step.Respond(state, response(state, head, new Body.Pulled(reader, length), ageSeconds));
        });
    }

    /** Reads along while the response is being stored. Empty when it can no longer be read. */
    Optional<EdgeResponse> along(RequestState state, Fill fill) {
        StoredResponse stored = fill.response();
        Instant now = clock.instant();
        long age = stored.ageSeconds(now);
        ContentRange held = stored.range();
        if (held != null) {
            return delivery(state, stored) instanceof Delivery.Part part && within(held, part)
                    ? fill.reader(part.first() - held.first(), part.length())
                            .map(reader -> response(state, part.head(), new Body.Pulled(reader, part.length()), age))
                    : Optional.empty();
        }
        Delivery delivery = Delivery.choose(state.head(), stored, now);
        return switch (delivery) {
            case Delivery.Whole whole ->
                fill.reader(0)
                        .map(reader -> response(state, whole.head(), new Body.Pulled(reader, stored.bodyBytes()), age));
            case Delivery.Part part ->
                fill.reader(part.first(), part.length())
                        .map(reader -> response(state, part.head(), new Body.Pulled(reader, part.length()), age));
            case Delivery.Parts parts -> alongParts(state, fill, parts, age);
            case Delivery.NotModified unchanged -> Optional.of(response(state, unchanged.head(), Body.none(), age));
            case Delivery.PreconditionFailed failed -> Optional.of(refusal(failed));
            case Delivery.Unsatisfiable unsatisfiable -> Optional.of(refusal(unsatisfiable));
        };
    }

    /** Parts of a body that still arrives: in one pass where they lie in its order, else the whole (RFC 9110 §14.2 allows it). */
    private static Optional<EdgeResponse> alongParts(
            RequestState state, Fill fill, Delivery.Parts parts, long ageSeconds) {
        StoredResponse stored = fill.response();
        if (!parts.ascending()) {
            ResponseHead whole = new ResponseHead(stored.status(), stored.clientFields());
            return fill.reader(0)
                    .map(reader -> response(state, whole, new Body.Pulled(reader, stored.bodyBytes()), ageSeconds));
        }
        MultipartBody multipart = new MultipartBody(parts);
        return multipart
                .along(fill)
                .map(reader ->
                        response(state, multipart.head(), new Body.Pulled(reader, multipart.length()), ageSeconds));
    }

    static EdgeResponse response(RequestState state, ResponseHead head, Body body, long ageSeconds) {
        HttpFields fields =
                BrowserFields.apply(head.fields(), state.requirePlan().cache().browserTtl(), ageSeconds);
        return new EdgeResponse(
                head.status(),
                fields.toBuilder().add("age", Long.toString(ageSeconds)).build(),
                body,
                false);
    }
}
