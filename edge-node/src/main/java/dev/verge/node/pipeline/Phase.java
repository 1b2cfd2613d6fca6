package dev.verge.node.pipeline;

import io.vertx.core.Future;

/** One step on the path of a request. */
interface Phase {

    /** Its name in documentation and traces. */
    String title();

    /** Does its part. A failed future is a fault of the node. Called on the event loop and completes there. */
    Future<Step> apply(RequestState state);
}
