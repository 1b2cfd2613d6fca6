package dev.verge.node.server;

import dev.verge.node.exchange.RequestHandler;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;

/** Another way into the node on one event loop, which opens and closes with the TCP ports. Used on its loop, but for {@link #drain}. */
public interface SideDoor {
    /** There is none. */
    SideDoor NONE = new SideDoor() {
        @Override
        public Future<Void> open(ContextInternal context, RequestHandler handler, int port) {
            return Future.succeededFuture();
        }

        @Override
        public void goAway(Duration roundTrip) {}

        @Override
        public Future<Void> drain(Duration limit) {
            return Future.succeededFuture();
        }
    };

    /**
     * Begins to take requests.
     *
     * @param context of the loop
     * @param handler of the loop, which requests are given to
     * @param port of the TLS listener
     */
    Future<Void> open(ContextInternal context, RequestHandler handler, int port);

    /**
     * Tells clients to go elsewhere; what they have sent meanwhile is still answered.
     *
     * @param roundTrip longer than the way to nearly every client and back
     */
    void goAway(Duration roundTrip);

    /** Takes nobody new in; completes when all connections have ended, at the latest after the limit. Any thread. */
    Future<Void> drain(Duration limit);
}
