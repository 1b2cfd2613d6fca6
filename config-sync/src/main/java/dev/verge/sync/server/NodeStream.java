package dev.verge.sync.server;

import dev.verge.sync.live.LiveRecord;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream to one node. Everything but {@link #wake} and {@link #close} runs on the pipe's own context. What is sent and not yet
 * acknowledged is bounded; a slow node is served from the log again later, never from a queue in memory.
 */
final class NodeStream {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStream.class);
    private static final short POLICY_VIOLATION = 1008;
    private static final short GOING_AWAY = 1001;
    private static final int READ_BATCH = 64;

    private final Shared shared;
    private final Context context;
    private final Pipe pipe;
    private final @Nullable Bus bus;
    private final NodeIdentity identity;
    private final NodeAsks asks;
    private final String history;
    private final StreamSnapshot snapshot;
    private final GivenKeys keys;
    private final StreamComparison comparison;

    private final Window window;
    private final Refused refused;
    private long cursor;
    /** A snapshot on a bus goes as far as this revision at least. */
    private long least;

    private long acked;
    private long lastHeard;
    private long timer = -1;
    private boolean known;
    private boolean joined;
    private boolean greeted;
    private boolean busy;
    private boolean ended;
    /** Up to where commits are sent on this way; a node that reads them from a bus asks for those that it misses there. */
    private long limit;

    NodeStream(
            Shared shared,
            Pipe pipe,
            NodeIdentity identity,
            Supplier<KvWriter> writer,
            Supplier<UsageTaker> usage,
            Tails tails,
            NodeAsks.KeyChange changeKeys) {
        this.shared = shared;
        this.context = shared.vertx().getOrCreateContext();
        this.pipe = pipe;
        this.bus = pipe.bus();
        this.window = new Window(shared.options());
        this.refused = new Refused(identity.node(), shared.registry());
        this.identity = identity;
        this.history = shared.source().history() + identity.view();
        this.snapshot = new StreamSnapshot(context, shared.source(), identity, history, () -> ended);
        this.asks = new NodeAsks(shared.vertx(), context, identity, writer, usage, tails, changeKeys, bus, this::send);
        this.keys = new GivenKeys(context, shared.source(), identity, this::send);
        this.comparison = new StreamComparison(context, shared.comparisons(), identity, shared.registry(), this::close);
    }

    /** From any thread. */
    Future<OrderResult> order(Order order) {
        Promise<OrderResult> answer = Promise.promise();
        context.runOnContext(v -> (order.holdsSecrets() ? keys.giveNow() : Future.<Void>succeededFuture())
                .onSuccess(given -> asks.order(order, answer))
                .onFailure(answer::fail));
        return answer.future();
    }

    /** From any thread: other functions are watched now. */
    void watch() {
        context.runOnContext(v -> asks.watch());
    }

    void start() {
        lastHeard = System.nanoTime();
        timer = shared.vertx().setPeriodic(shared.options().heartbeat().toMillis(), id -> beat());
        pipe.onText(this::received);
        pipe.onDrain(this::pump);
    }

    private void beat() {
        if (System.nanoTime() - lastHeard > shared.options().silence().toNanos()) {
            close("nothing heard for " + shared.options().silence().toSeconds() + " s");
        } else if (greeted && !busy) {
            long now = shared.head().getAsLong();
            send(new Frame.Head(history, now, comparison.ask(now - acked) ? true : null));
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
            case Frame.Wanted(long after, long upTo) -> wanted(after, upTo);
            case Frame.Compared compared -> compared(compared);
            case Frame.BlobWanted(String sha256) -> asks.blob(sha256);
            case Frame.OrderDone(long number, OrderResult result) -> asks.done(number, result);
            case Frame.KvAsked(long number, KvWrite write) -> asks.kv().write(number, write);
            case Frame.KvUploadAsked(long number, KvWrite write) -> asks.kv().upload(number, write);
            case Frame.KvPiece piece -> asks.kv().piece(piece.number(), piece.data());
            case Frame.Records(long dropped, List<LiveRecord> records) -> asks.records(dropped, records);
            case Frame.Usage usage -> asks.usage(usage);
            case Frame.ChangeKeys change -> asks.changeKeys(change);
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
        joined = hello.joined();
        busy = true;
        asks.begin();
        refused.told(hello.refused());
        cursor = hello.since();
        limit = bus == null ? Long.MAX_VALUE : 0;
        acked = hello.since();
        boolean same = hello.history().equals(history);
        known = !comparison.begin(hello) && same;
        least = known ? cursor + 1 : same ? cursor : 0;
        shared.registry()
                .connected(identity, hello.software(), known ? hello.since() : 0, refused.keys(), hello.allowShared());
        shared.source()
                .head()
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
                    if (known && bus != null) {
                        lookBack(now);
                        return;
                    }
                    send(new Frame.Head(history, now, null));
                    if (known) {
                        pump();
                    } else {
                        sendSnapshot();
                    }
                }));
    }

    private void ack(long revision) {
        long sent = sent();
        if (revision < acked || revision > sent) {
            fail("acknowledged " + revision + " after " + acked + ", sent up to " + sent, "");
            return;
        }
        if (bus != null && !refused.taken(shared.recent(), acked, revision)) {
            close("what the node refuses is to be told anew");
        }
        acked = revision;
        window.acked(revision);
        shared.registry().acked(identity.node(), revision);
        pump();
    }

    private void compared(Frame.Compared told) {
        try {
            comparison.answered(told);
        } catch (IllegalArgumentException wrong) {
            fail("told what its state comes to", wrong.getMessage());
        }
    }

    private void nack(long revision, Map<String, String> reasons) {
        if (revision > sent()) {
            fail("refused " + revision + " before it was sent", "");
            return;
        }
        LOG.warn("sync: {} refused revision {}: {}", identity.node(), revision, reasons);
        refused.nack(revision, reasons);
    }

    /** What the node may have: a bus has shown it all that there is. */
    private long sent() {
        return bus == null ? cursor : Math.max(cursor, shared.head().getAsLong());
    }

    private void wanted(long after, long upTo) {
        if (bus == null || !greeted || upTo <= after || after < acked) {
            fail("asks for commits after " + after + " up to " + upTo, "");
            return;
        }
        cursor = after;
        limit = upTo;
        window.clear();
        pump();
    }

    /** A node that comes again reads on from a bus, unless the log itself no longer goes back so far. */
    private void lookBack(long now) {
        busy = true;
        shared.source()
                .readSince(cursor, 1)
                .onComplete(read -> context.runOnContext(v -> {
                    busy = false;
                    if (read.failed()) {
                        close("the log cannot be read");
                    } else if (read.result() instanceof LogSource.Compacted) {
                        sendSnapshot();
                    } else {
                        send(new Frame.Head(history, Math.max(now, shared.head().getAsLong()), null));
                    }
                }));
    }

    /** From any thread: there may be something new. */
    void wake() {
        context.runOnContext(v -> pump());
    }

    private void pump() {
        if (ended || !greeted || busy) {
            return;
        }
        long end = Math.min(limit, shared.head().getAsLong());
        if (cursor >= end || full()) {
            return;
        }
        List<RecentCommits.Encoded> ready = shared.recent().after(cursor, READ_BATCH);
        if (ready != null) {
            sendCommits(ready);
            if (!full() && cursor < end && shared.recent().after(cursor, 1) != null) {
                context.runOnContext(v -> pump());
            }
            return;
        }
        if (shared.recent().last() > 0 && cursor >= shared.recent().last()) {
            // What is newer is being read for all streams at once, and then they are woken: a thousand must not read
            // the same.
            return;
        }
        busy = true;
        shared.source()
                .readSince(cursor, READ_BATCH)
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
                            if (bus == null && window.empty()) {
                                sendSnapshot();
                            } else {
                                close("the log was compacted beyond " + cursor);
                            }
                        }
                    }
                }));
    }

    private boolean full() {
        return window.full() || pipe.full();
    }

    /** What does not fit is dropped here and read again when there is room. */
    private void sendCommits(List<RecentCommits.Encoded> commits) {
        int next = 0;
        while (next < commits.size()) {
            RecentCommits.Encoded first = commits.get(next);
            if (ended || full() || first.revision() > limit) {
                return;
            }
            if (first.revision() != cursor + 1) {
                LOG.error("sync: the log goes from {} to {}", cursor, first.revision());
                close("a gap in the log after " + cursor);
                return;
            }
            long upTo = joined ? Math.min(limit, cursor + window.room()) : first.revision();
            RecentCommits.Joined run = shared.recent().join(commits.subList(next, commits.size()), upTo);
            for (RecentCommits.Encoded commit : run.commits()) {
                cursor = commit.revision();
                window.add(commit.revision(), commit.bytes());
                keys.give(commit.fleetKey());
                refused.forget(commit.commit());
            }
            run.messageFor(identity.groups()).send(pipe);
            next += run.commits().size();
        }
    }

    private void sendSnapshot() {
        busy = true;
        Future<Void> sent = snapshot.send(bus, least, this::begin, this::sendPiece);
        sent.onComplete(done -> context.runOnContext(v -> {
            if (done.failed()) {
                LOG.warn("sync: the snapshot could not be sent", done.cause());
                close("the state cannot be read");
                return;
            }
            busy = false;
            if (bus != null) {
                send(new Frame.Head(history, Math.max(cursor, shared.head().getAsLong()), null));
            }
            pump();
        }));
    }

    private void begin(Bus.Written state) {
        cursor = state.revision();
        acked = 0;
        refused.told(Map.of());
        keys.give(state.fleetKey());
    }

    private Future<Void> sendPiece(Frame frame) {
        return send(frame).onSuccess(v -> lastHeard = System.nanoTime());
    }

    private Future<Void> send(Frame frame) {
        return ended
                ? Future.failedFuture("the stream has ended")
                : Message.of(frame.encode()).send(pipe);
    }

    private void fail(String what, @Nullable String detail) {
        LOG.warn("sync: {} {} {}", identity.node(), what, detail);
        ended = true;
        var _ = pipe.close(POLICY_VIOLATION, what.length() > 100 ? what.substring(0, 100) : what);
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
            pipe.close(GOING_AWAY, reason.length() > 100 ? reason.substring(0, 100) : reason)
                    .onComplete(done);
        });
        return done.future();
    }

    void closed() {
        ended = true;
        asks.end("the stream of node " + identity.node() + " ended before its answer");
        if (timer >= 0) {
            shared.vertx().cancelTimer(timer);
        }
    }
}
