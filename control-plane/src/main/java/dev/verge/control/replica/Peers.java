package dev.verge.control.replica;

import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.Tails;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** The nodes of every control plane that shares the store. */
public interface Peers {

    /**
     * Asks a node to do something, wherever its stream ends. May block for a moment: for virtual threads.
     *
     * @return fails when no control plane has a stream of the node, or it ends before the answer: whether it was done is then not known
     */
    Future<OrderResult> order(String node, Order order);

    /** Ends the stream of a node, wherever it is. */
    void disconnect(String node, String reason);

    /**
     * Watches a function's runs on every node, until the registration is closed.
     *
     * @param watcher must not block
     * @throws IllegalStateException when too many functions are watched already
     */
    Registration watch(String account, String function, Consumer<Tails.Seen> watcher);

    /** Most callers that watch functions and sites live, here. */
    int MOST_WATCHERS = 64;

    /** How many watch here. */
    int watchers();
}
