package dev.verge.node.pipeline;

import dev.verge.cache.partial.Portion;
import dev.verge.cache.store.BodyReader;
import dev.verge.node.exchange.Body;
import io.vertx.core.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A slice on its way: out of the cache, out of a fill that another request began, or fetched.
 *
 * @param cancellation of its own walk through the phases
 * @param step what that walk comes to; nothing any more once it is cancelled
 */
record SliceOpening(Portion.Slice slice, Cancellation cancellation, Future<Step> step) {
    private static final int PARTIAL = 206;

    /** The bytes; fails when the answer is anything else. */
    Future<BodyReader> reader() {
        return step.compose(ended -> {
            @Nullable BodyReader reader = readerOf(ended);
            if (reader == null) {
                discard(ended);
                return Future.failedFuture(new IOException("a slice cannot be had"));
            }
            return Future.succeededFuture(reader);
        });
    }

    /** Null when the answer is not the slice. */
    static @Nullable BodyReader readerOf(Step ended) {
        boolean isSlice = ended instanceof Step.Respond answer
                && answer.response().status() == PARTIAL
                && answer.response().body() instanceof Body.Pulled;
        return isSlice
                        && ended instanceof Step.Respond answer
                        && answer.response().body() instanceof Body.Pulled pulled
                ? pulled.reader()
                : null;
    }

    private static void discard(Step ended) {
        if (ended instanceof Step.Respond answer) {
            answer.response().body().discard();
        }
    }

    /** Nobody wants it any more. A fetch that has begun to bring the slice goes on: it is short, and half paid for. */
    void giveUp() {
        cancellation.cancel();
        step.onSuccess(SliceOpening::discard);
    }
}
