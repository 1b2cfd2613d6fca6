package dev.verge.sync.client;

import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes over the stream beside the log, at the node's end. On the client's context. */
final class Asks {
    /** Orders that a node carries out at a time. */
    static final int MAX_ORDERS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Asks.class);

    private final Context context;
    private final ControlPlaneLink link;
    private final OrderHandler handler;
    private final UsageSender usage;
    private final KvAsks kv;
    private int running;

    Asks(Vertx vertx, Context context, ControlPlaneLink link, OrderHandler handler) {
        this.context = context;
        this.link = link;
        this.handler = handler;
        this.usage = new UsageSender(context, link);
        this.kv = new KvAsks(vertx, context, link);
    }

    /** An answer goes to the stream that its order came from, or nowhere: another one counts its orders anew. */
    void order(long number, Order order) {
        long stream = link.streams();
        if (running >= MAX_ORDERS) {
            link.send(new Frame.OrderDone(number, OrderResult.notRun("the node has too many orders under way")));
            return;
        }
        running++;
        Future<OrderResult> run;
        try {
            run = handler.carryOut(order);
        } catch (RuntimeException bug) {
            LOG.error("sync: an order failed", bug);
            run = Future.failedFuture(bug);
        }
        run.onComplete(end -> context.runOnContext(v -> {
            running--;
            if (link.streams() == stream) {
                link.send(new Frame.OrderDone(
                        number,
                        end.succeeded()
                                ? end.result()
                                : OrderResult.notRun(String.valueOf(end.cause().getMessage()))));
            }
        }));
    }

    /** Changes that functions make to namespaces. */
    KvAsks kv() {
        return kv;
    }

    UsageSender usage() {
        return usage;
    }

    void down() {
        usage.down();
        kv.down();
    }
}
