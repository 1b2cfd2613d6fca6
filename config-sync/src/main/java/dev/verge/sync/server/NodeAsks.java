package dev.verge.sync.server;

import dev.verge.sync.live.LiveRecord;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes over a node's stream beside the log: orders that wait for their answer, and changes that functions make. On its context. */
final class NodeAsks {
    /** Orders that may wait for one node. */
    static final int MAX_ORDERS = 256;

    /** Blobs that one node may wait for. */
    static final int MAX_BLOBS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(NodeAsks.class);

    private final Vertx vertx;
    private final Context context;
    private final NodeIdentity identity;
    private final KvAnswers kv;
    private final Supplier<UsageTaker> taker;
    private final Tails tails;
    private final Consumer<Frame> send;
    private final Map<Long, Waiting> orders = new HashMap<>();
    private long last;
    private final KeyChange keys;
    private final @Nullable Bus bus;
    private int blobs;
    private @Nullable String over = "the node has not said where it stands yet";

    private record Waiting(Promise<OrderResult> answer, long timer) {}

    NodeAsks(
            Vertx vertx,
            Context context,
            NodeIdentity identity,
            Supplier<KvWriter> writer,
            Supplier<UsageTaker> taker,
            Tails tails,
            KeyChange keys,
            @Nullable Bus bus,
            Consumer<Frame> send) {
        this.vertx = vertx;
        this.context = context;
        this.identity = identity;
        this.kv = new KvAnswers(vertx, context, identity, writer, send);
        this.taker = taker;
        this.tails = tails;
        this.keys = keys;
        this.bus = bus;
        this.send = send;
    }

    /** Takes a node's new keys; completes with their name. */
    interface KeyChange {
        Future<String> change(Frame.ChangeKeys change);
    }

    void changeKeys(Frame.ChangeKeys change) {
        keys.change(change)
                .onComplete(done -> context.runOnContext(v -> {
                    if (done.succeeded()) {
                        send.accept(new Frame.KeysChanged(done.result()));
                    } else {
                        LOG.warn("sync: {} cannot change its keys", identity.node(), done.cause());
                    }
                }));
    }

    /** A blob is to lie on the bus. */
    void blob(String sha256) {
        if (bus == null || blobs >= MAX_BLOBS) {
            send.accept(new Frame.BlobStored(sha256, "too many blobs at a time"));
            return;
        }
        blobs++;
        bus.blob(sha256)
                .onComplete(done -> context.runOnContext(v -> {
                    blobs--;
                    String refusal =
                            done.succeeded() ? "" : String.valueOf(done.cause().getMessage());
                    send.accept(
                            new Frame.BlobStored(sha256, refusal.length() > 500 ? refusal.substring(0, 500) : refusal));
                }));
    }

    void begin() {
        over = null;
        if (!tails.watched().isEmpty()) {
            watch();
        }
    }

    void watch() {
        if (over == null) {
            send.accept(new Frame.Tail(tails.watched()));
        }
    }

    void records(long dropped, List<LiveRecord> records) {
        tails.seen(identity.node(), dropped, records);
    }

    /** Changes that functions make to namespaces. */
    KvAnswers kv() {
        return kv;
    }

    void order(Order order, Promise<OrderResult> answer) {
        if (over != null) {
            answer.fail(over);
        } else if (orders.size() >= MAX_ORDERS) {
            answer.fail("node " + identity.node() + " has " + MAX_ORDERS + " orders under way");
        } else {
            long number = ++last;
            long timer = vertx.setTimer(
                    Order.PATIENCE.toMillis(),
                    id -> context.runOnContext(v -> {
                        if (orders.remove(number) != null) {
                            answer.fail("no answer within " + Order.PATIENCE.toSeconds() + " s");
                        }
                    }));
            orders.put(number, new Waiting(answer, timer));
            send.accept(new Frame.OrderGiven(number, order));
        }
    }

    /** An answer nobody waits for any more is dropped. */
    void done(long number, OrderResult result) {
        Waiting waiting = orders.remove(number);
        if (waiting != null) {
            vertx.cancelTimer(waiting.timer);
            waiting.answer.complete(result);
        }
    }

    /** What is not stored is not answered: the node sends it again. */
    void usage(Frame.Usage usage) {
        Future<Void> taken;
        try {
            taken = taker.get().take(identity, usage);
        } catch (RuntimeException bug) {
            taken = Future.failedFuture(bug);
        }
        taken.onComplete(end -> context.runOnContext(v -> {
            if (end.succeeded()) {
                send.accept(new Frame.UsageTaken(
                        usage.boot(),
                        usage.intervals().getLast().sequence(),
                        taker.get().shares(identity)));
            } else {
                LOG.debug("sync: usage of {} was not stored", identity.node(), end.cause());
            }
        }));
    }

    void end(String reason) {
        over = reason;
        kv.end();
        List<Waiting> left = List.copyOf(orders.values());
        orders.clear();
        for (Waiting waiting : left) {
            vertx.cancelTimer(waiting.timer);
            waiting.answer.fail(reason);
        }
    }
}
