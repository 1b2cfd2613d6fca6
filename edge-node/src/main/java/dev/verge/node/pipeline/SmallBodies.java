package dev.verge.node.pipeline;

import dev.verge.node.exchange.Body;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

/** Takes a body of known, small length in as a whole. */
final class SmallBodies {
    private SmallBodies() {}

    /** Fails when the sender cuts it short. */
    static Future<Body> takeIn(Body.Streamed body) {
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
