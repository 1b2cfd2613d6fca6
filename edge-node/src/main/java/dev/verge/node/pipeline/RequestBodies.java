package dev.verge.node.pipeline;

import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Grpc;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What of a request's body is there before an origin is asked. */
final class RequestBodies {
    /** Bodies known to be no longer are taken in as a whole, so that they can be sent again. */
    private static final int REPLAYABLE_BYTES = 64 * 1024;
    /** Of longer ones so much is waited for: an origin's connection is not for clients that hardly send. */
    private static final int HELD_BYTES = 16 * 1024;
    /** Pace is looked at now and then only; whoever is too slow is to be found out first. */
    private static final Duration SPARE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Duration patience;

    /**
     * Takes bodies in.
     *
     * @param grace time after which the sender of a body that comes too slowly is given up
     */
    RequestBodies(Vertx vertx, Duration grace) {
        this.vertx = vertx;
        this.patience = grace.plus(SPARE);
    }

    /**
     * The body as origins are to get it. Messages of gRPC are not waited for: their client may want an answer before it sends more.
     *
     * @return fails when the sender cuts the body short, or sends it too slowly
     */
    Future<Body> ready(Body body, @Nullable String contentType) {
        if (!(body instanceof Body.Streamed streamed) || Grpc.is(contentType)) {
            return Future.succeededFuture(body);
        }
        return streamed.length() >= 0 && streamed.length() <= REPLAYABLE_BYTES
                ? whole(streamed)
                : HeldBody.hold(vertx, streamed, HELD_BYTES, patience);
    }

    private static Future<Body> whole(Body.Streamed body) {
        Promise<Body> whole = Promise.promise();
        Buffer bytes = Buffer.buffer((int) body.length());
        body.stream()
                .exceptionHandler(broken -> {
                    body.cancel().run();
                    whole.tryFail(broken);
                })
                .handler(bytes::appendBuffer)
                .endHandler(ended -> whole.tryComplete(new Body.Whole(bytes)))
                .resume();
        return whole.future();
    }
}
