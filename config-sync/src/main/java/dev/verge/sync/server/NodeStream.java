package dev.verge.sync.server;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.live.LiveRecord;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream to one node. Everything but {@link #wake} and {@link #close} runs on the socket's own context. What is sent and not yet
 * acknowledged is bounded; a slow node is served from the log again later, never from a queue in memory.
 */
final class NodeStream {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStream.class);
    private static final short POLICY_VIOLATION = 1008;
    private static final short GOING_AWAY = 1001;
    private static final int READ_BATCH = 64;

    private final Vertx vertx;
    private final Context context;
    private final ServerWebSocket socket;
    private final NodeIdentity identity;
    private final LogSource source;
    private final RecentCommits recent;
    private final SyncServerOptions options;
    private final NodeRegistry registry;
    private final LongSupplier head;
    private final NodeAsks asks;
    private final String history;
    private final KeyChange keys;
    private final Set<Integer> fleetKeys = new HashSet<>();

    private final Deque<InFlight> inFlight = new ArrayDeque<>();
    private long inFlightBytes;
    private Map<String, Refusal> refused = Map.of();
    private long cursor;
    private long acked;
    private long lastHeard;
    private long timer = -1;
    private boolean greeted;
    private boolean busy;
    private boolean ended;

    private record InFlight(long revision, int bytes) {}

    NodeStream(
            Vertx vertx,
            ServerWebSocket socket,
            NodeIdentity identity,
            LogSource source,
            RecentCommits recent,
            SyncServerOptions options,
            NodeRegistry registry,
            LongSupplier head,
            Supplier<KvWriter> writer,
            Supplier<UsageTaker> usage,
            Tails tails,
            KeyChange keys) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.socket = socket;
        this.identity = identity;
        this.source = source;
        this.recent = recent;
        this.options = options;
        this.registry = registry;
        this.head = head;
        this.history = source.history() + identity.view();
        this.keys = keys;
        this.asks = new NodeAsks(vertx, context, identity, writer, usage, tails, this::send);
    }

    /** Takes a node's new keys; completes with their name. */
    interface KeyChange {
        Future<String> change(Frame.ChangeKeys change);
    }

    /** From any thread. */
    Future<OrderResult> order(Order order) {
        Promise<OrderResult> answer = Promise.promise();
        context.runOnContext(v -> asks.order(order, answer));
        return answer.future();
    }

    /** From any thread: other functions are watched now. */
    void watch() {
        context.runOnContext(v -> asks.watch());
    }

    void start() {
        lastHeard = System.nanoTime();
        timer = vertx.setPeriodic(options.heartbeat().toMillis(), id -> beat());
        socket.textMessageHandler(this::received);
        socket.exceptionHandler(e -> LOG.debug("sync: stream of {} broke", identity.node(), e));
        socket.drainHandler(v -> pump());
    }

    private void beat() {
        if (System.nanoTime() - lastHeard > options.silence().toNanos()) {
            close("nothing heard for " + options.silence().toSeconds() + " s");
        } else if (greeted && !busy) {
            send(new Frame.Head(history, head.getAsLong()));
        }
    }

    private void received(String text) {
        lastHeard = System.nanoTime();
        Frame frame;
        try {
            frame = Frame.decode(text);
        } catch (IllegalArgumentException wrong) {
            fail("sent what cannot be read", wrong.getMessage());
            return;
        }
        switch (frame) {
            case Frame.Hello hello -> hello(hello);
            case Frame.Ack(long revision) -> ack(revision);
            case Frame.Nack(long revision, Map<String, String> reasons) -> nack(revision, reasons);
            case Frame.Alive alive -> {}
            case Frame.OrderDone(long number, OrderResult result) -> asks.done(number, result);
            case Frame.KvAsked(long number, KvWrite write) -> asks.write(number, write);
            case Frame.Records(long dropped, List<LiveRecord> records) -> asks.records(dropped, records);
            case Frame.Usage usage -> asks.usage(usage);
            case Frame.ChangeKeys change ->
                keys.change(change)
                        .onComplete(done -> context.runOnContext(v -> {
                            if (done.succeeded()) {
                                send(new Frame.KeysChanged(done.result()));
                            } else {
                                LOG.warn("sync: {} cannot change its keys", identity.node(), done.cause());
                            }
                        }));
            case Frame.Bye(String reason) -> close(reason);
            default -> fail("sent what only control planes send", "");
        }
    }

    private void hello(Frame.Hello hello) {
        if (greeted || hello.protocol() != Frame.PROTOCOL) {
            fail("speaks protocol " + hello.protocol() + ", not " + Frame.PROTOCOL, "");
            return;
        }
        greeted = true;
        busy = true;
        asks.begin();
        refused = hello.refused();
        cursor = hello.since();
        acked = hello.since();
        boolean known = hello.history().equals(history);
        registry.connected(identity, hello.software(), known ? hello.since() : 0, refused, hello.allowShared());
        source.head()
                .onComplete(read -> context.runOnContext(v -> {
                    busy = false;
                    if (read.failed()) {
                        LOG.warn("sync: the head of the log could not be read", read.cause());
                        close("the log cannot be read");
                        return;
                    }
                    long now = read.result();
                    if (known && hello.since() > now) {
                        LOG.error("sync: {} is at {}, beyond the log's head {}", identity.node(), hello.since(), now);
                        close("the node is at " + hello.since() + ", beyond the head " + now);
                        return;
                    }
                    send(new Frame.Head(history, now));
                    if (known) {
                        pump();
                    } else {
                        sendSnapshot();
                    }
                }));
    }

    private void ack(long revision) {
        if (revision < acked || revision > cursor) {
            fail("acknowledged " + revision + " after " + acked + ", sent up to " + cursor, "");
            return;
        }
        acked = revision;
        while (!inFlight.isEmpty() && inFlight.getFirst().revision() <= revision) {
            inFlightBytes -= inFlight.remove().bytes();
        }
        registry.acked(identity.node(), revision);
        pump();
    }

    private void nack(long revision, Map<String, String> reasons) {
        if (revision > cursor) {
            fail("refused " + revision + " before it was sent", "");
            return;
        }
        Map<String, Refusal> now = new HashMap<>(refused);
        reasons.forEach((key, reason) -> now.put(key, new Refusal(Math.max(1, revision), reason)));
        refused = now;
        LOG.warn("sync: {} refused revision {}: {}", identity.node(), revision, reasons);
        registry.refusals(identity.node(), refused);
    }

    /** From any thread: there may be something new. */
    void wake() {
        context.runOnContext(v -> pump());
    }

    private void pump() {
        if (ended || !greeted || busy) {
            return;
        }
        if (cursor >= head.getAsLong() || full()) {
            return;
        }
        List<RecentCommits.Encoded> ready = recent.after(cursor, READ_BATCH);
        if (ready != null) {
            sendCommits(ready);
            if (!full() && cursor < head.getAsLong() && recent.after(cursor, 1) != null) {
                context.runOnContext(v -> pump());
            }
            return;
        }
        busy = true;
        source.readSince(cursor, READ_BATCH)
                .onComplete(read -> context.runOnContext(v -> {
                    busy = false;
                    if (read.failed()) {
                        LOG.warn("sync: the log could not be read after {}", cursor, read.cause());
                        close("the log cannot be read");
                        return;
                    }
                    switch (read.result()) {
                        case LogSource.Commits(var commits, var fleetKey) -> {
                            sendCommits(commits.stream()
                                    .map(commit -> RecentCommits.Encoded.of(commit, fleetKey))
                                    .toList());
                            if (!commits.isEmpty()) {
                                pump();
                            }
                        }
                        case LogSource.Compacted compacted -> {
                            if (inFlight.isEmpty()) {
                                sendSnapshot();
                            } else {
                                close("the log was compacted beyond " + cursor);
                            }
                        }
                    }
                }));
    }

    private boolean full() {
        return inFlight.size() >= options.maxInFlight()
                || (inFlightBytes >= options.maxInFlightBytes() && !inFlight.isEmpty())
                || socket.writeQueueFull();
    }

    /** What does not fit is dropped here and read again when there is room. */
    private void sendCommits(List<RecentCommits.Encoded> commits) {
        for (RecentCommits.Encoded commit : commits) {
            if (ended || full()) {
                return;
            }
            if (commit.revision() != cursor + 1) {
                LOG.error("sync: the log goes from {} to {}", cursor, commit.revision());
                close("a gap in the log after " + cursor);
                return;
            }
            cursor = commit.revision();
            inFlight.add(new InFlight(commit.revision(), commit.bytes()));
            inFlightBytes += commit.bytes();
            give(commit.fleetKey());
            commit.messageFor(identity.groups()).send(socket);
            forgetRefusals(commit.commit());
        }
    }

    /**
     * A refusal stands until the node has taken in a newer value of its key. The node is not asked again: what it acknowledges
     * without a nack is in force. Refusals are dropped when their key is sent anew; a nack for it brings them back before the ack.
     */
    private void forgetRefusals(SignedCommit commit) {
        if (refused.isEmpty()) {
            return;
        }
        Map<String, Refusal> now = new HashMap<>(refused);
        commit.parts().forEach(part -> now.remove(part.key()));
        if (now.size() != refused.size()) {
            refused = now;
            registry.refusals(identity.node(), refused);
        }
    }

    /** A key that secrets in what follows are sealed under, unless the node has got it on this stream. */
    private void give(@Nullable FleetKey key) {
        if (key != null && fleetKeys.add(key.epoch())) {
            send(new Frame.FleetKeyGiven(
                    key.epoch(), key.sealedTo(identity.key().sealing())));
        }
    }

    private void sendSnapshot() {
        busy = true;
        source.snapshot()
                .onComplete(opened -> context.runOnContext(v -> {
                    if (opened.failed()) {
                        LOG.warn("sync: the snapshot could not be read", opened.cause());
                        close("the state cannot be read");
                        return;
                    }
                    SnapshotReader reader = opened.result();
                    if (ended) {
                        reader.close();
                        return;
                    }
                    cursor = reader.revision();
                    acked = 0;
                    refused = Map.of();
                    give(reader.fleetKey());
                    new SnapshotSender(context, source, identity, history, reader, this::sendPiece)
                            .run()
                            .onComplete(sent -> context.runOnContext(w -> {
                                if (sent.failed()) {
                                    LOG.warn("sync: the snapshot could not be sent", sent.cause());
                                    close("the state cannot be read");
                                    return;
                                }
                                busy = false;
                                pump();
                            }));
                }));
    }

    private Future<Void> sendPiece(Frame frame) {
        return send(frame).onSuccess(v -> lastHeard = System.nanoTime());
    }

    private Future<Void> send(Frame frame) {
        return ended
                ? Future.failedFuture("the stream has ended")
                : Message.of(frame.encode()).send(socket);
    }

    private void fail(String what, @Nullable String detail) {
        LOG.warn("sync: {} {} {}", identity.node(), what, detail);
        ended = true;
        socket.close(POLICY_VIOLATION, what.length() > 100 ? what.substring(0, 100) : what);
    }

    /** From any thread: says why and closes. */
    Future<Void> close(String reason) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            if (ended) {
                done.complete();
                return;
            }
            send(new Frame.Bye(reason));
            ended = true;
            socket.close(GOING_AWAY, reason.length() > 100 ? reason.substring(0, 100) : reason)
                    .onComplete(done);
        });
        return done.future();
    }

    void closed() {
        ended = true;
        asks.end("the stream of node " + identity.node() + " ended before its answer");
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }
}
