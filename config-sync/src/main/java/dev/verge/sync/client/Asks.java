package dev.verge.sync.client;

import dev.verge.sync.order.KvWrite;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes over the stream beside the log, at the node's end. On the client's context. */
final class Asks {
    /** Orders that a node carries out at a time. */
    static final int MAX_ORDERS = 256;

    /** Changes that may wait for their answer. */
    static final int MAX_WRITES = 1_024;

    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(Asks.class);

    private final Vertx vertx;
    private final Context context;
    private final ControlPlaneLink link;
    private final OrderHandler handler;
    private final UsageSender usage;
    private final Map<Long, Promise<Void>> writes = new HashMap<>();
    private long last;
    private int running;

    Asks(Vertx vertx, Context context, ControlPlaneLink link, OrderHandler handler) {
        this.vertx = vertx;
        this.context = context;
        this.link = link;
        this.handler = handler;
        this.usage = new UsageSender(context, link);
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

    /** From any thread. */
    Future<Void> write(KvWrite write) {
        Promise<Void> answer = Promise.promise();
        context.runOnContext(v -> {
            if (link.connectedTo() == null) {
                answer.fail("the control plane cannot be reached now");
                return;
            }
            if (writes.size() >= MAX_WRITES) {
                answer.fail("too many changes at a time");
                return;
            }
            long number = ++last;
            writes.put(number, answer);
            link.send(new Frame.KvAsked(number, write));
            vertx.setTimer(
                    WRITE_PATIENCE.toMillis(),
                    id -> context.runOnContext(w -> {
                        Promise<Void> late = writes.remove(number);
                        if (late != null) {
                            late.fail("no answer within " + WRITE_PATIENCE.toSeconds()
                                    + " s: whether the change was made is not known");
                        }
                    }));
        });
        return answer.future();
    }

    void written(long number, String refusal) {
        Promise<Void> answer = writes.remove(number);
        if (answer != null && refusal.isEmpty()) {
            answer.complete();
        } else if (answer != null) {
            answer.fail(refusal);
        }
    }

    UsageSender usage() {
        return usage;
    }

    void down() {
        usage.down();
        List<Promise<Void>> left = List.copyOf(writes.values());
        writes.clear();
        left.forEach(each -> each.tryFail("the stream ended: whether the change was made is not known"));
    }
}
