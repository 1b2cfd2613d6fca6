package dev.verge.node.pipeline;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;

/** The event loop of a pipeline: brings back what was finished elsewhere. */
public record Loop(Context context) {

    Vertx vertx() {
        return context.owner();
    }

    /** Completes on this loop; at once when there is nothing to wait for. */
    <T> Future<T> bring(CompletableFuture<T> elsewhere) {
        if (elsewhere.isDone() && !elsewhere.isCompletedExceptionally()) {
            return Future.succeededFuture(elsewhere.join());
        }
        Promise<T> here = Promise.promise();
        var _ = elsewhere.whenComplete((value, failure) -> context.runOnContext(ignored -> {
            if (failure == null) {
                here.complete(value);
            } else {
                here.fail(failure);
            }
        }));
        return here.future();
    }
}
