package dev.verge.node.server.plain;

import dev.verge.node.exchange.RequestHandler;
import io.vertx.core.internal.ContextInternal;
import java.util.function.BooleanSupplier;

/**
 * Who answers plain requests on one event loop.
 *
 * @param turn in which that is done: what answers asks where it is
 * @param draining whether the node goes out of service
 */
public record PlainWay(RequestHandler handler, ContextInternal turn, BooleanSupplier draining) {

    /** Runs an action as one of the loop's own. */
    void within(Runnable action) {
        ContextInternal before = turn.beginDispatch();
        try {
            action.run();
        } finally {
            turn.endDispatch(before);
        }
    }
}
