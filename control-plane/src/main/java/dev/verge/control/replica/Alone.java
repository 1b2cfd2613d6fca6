package dev.verge.control.replica;

import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.server.Tails;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** A control plane with a store of its own. */
public record Alone(SyncServer sync) implements Peers {

    @Override
    public Future<OrderResult> order(String node, Order order) {
        return sync.nodes().order(node, order);
    }

    @Override
    public void disconnect(String node, String reason) {
        sync.disconnect(node, reason);
    }

    @Override
    public Registration watch(String account, String function, Consumer<Tails.Seen> watcher) {
        return sync.tails().watch(account, function, watcher);
    }

    @Override
    public int watchers() {
        return sync.tails().watchers();
    }
}
