package dev.verge.sync.client;

import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import io.vertx.core.Future;

/** Carries out what the control plane orders. Called on the client's context: it must not block. */
@FunctionalInterface
public interface OrderHandler {
    /** Runs nothing. */
    OrderHandler NONE = order -> Future.succeededFuture(OrderResult.notRun("this node takes no orders"));

    /** Runs it, once. A failed future is told as {@link OrderResult#NOT_RUN} with its message. May complete on any thread. */
    Future<OrderResult> carryOut(Order order);
}
