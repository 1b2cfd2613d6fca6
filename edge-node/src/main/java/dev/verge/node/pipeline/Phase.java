package dev.verge.node.pipeline;

import dev.verge.node.observe.Stage;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** One step on the path of a request. */
interface Phase {

    /** Its name in documentation and traces. */
    String title();

    /** What a wait in it is for; null where nothing is waited for that is worth measuring. */
    default @Nullable Stage stage() {
        return null;
    }

    /** Does its part. A failed future is a fault of the node. Called on the event loop and completes there. */
    Future<Step> apply(RequestState state);
}
