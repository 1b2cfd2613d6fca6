package dev.verge.sync.client;

import dev.verge.sync.core.StateUpdate;
import dev.verge.sync.core.SyncCore;
import dev.verge.sync.core.SyncEffect;
import dev.verge.sync.core.SyncEvent;
import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.order.Order;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Frames;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the log at a node: opens the stored state, hands it to the node, then connects and keeps up in the background. Carries out
 * what {@link SyncCore} decides. Everything runs on one context; disk work on a worker of its own.
 */
public final class SyncClient {

    private static final Logger LOG = LoggerFactory.getLogger(SyncClient.class);
    private static final int BLOB_TRIES = 3;
    private static final Duration BLOB_PAUSE = Duration.ofMillis(200);
    private static final Duration PRUNE_AGE = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final Context context;
    private final SyncClientOptions options;
    private final Applier applier;
    private final WorkerExecutor disk;
    private final NodeStateStore store;
    private final BlobFiles files;
    private final BlobStore blobs;
    private final WebClient web;
    private final SyncCore core;
    private final ControlPlaneLink link;
    private final Asks asks;
    private final LiveTail tail;
    private final Deque<SyncEvent> events = new ArrayDeque<>();
    private final Promise<Void> caughtUp = Promise.promise();
    private final long pruning;
    private volatile SyncStatus status;
    private boolean stepping;
    private boolean closed;
    private long snapshotCharacters;

    private SyncClient(
            Vertx vertx,
            Context context,
            SyncClientOptions options,
            Applier applier,
            OrderHandler orders,
            WorkerExecutor disk,
            OpenedFolder opened) {
        this.vertx = vertx;
        this.context = context;
        this.options = options;
        this.applier = applier;
        this.disk = disk;
        this.store = opened.store();
        this.files = opened.files();
        this.core = new SyncCore(opened.state().position(), opened.state().refused());
        this.link = new ControlPlaneLink(vertx, context, options, new Incoming());
        this.asks = new Asks(vertx, context, link, orders);
        this.tail = new LiveTail(vertx, context, link);
        this.web = WebClient.create(vertx, new WebClientOptions().setFollowRedirects(false));
        this.blobs = new BlobStore(vertx, disk, files, web, options, link::connectedTo);
        this.status = new SyncStatus(false, false, core.position().revision(), 0, Instant.now(), core.refused());
        this.pruning = vertx.setPeriodic(PRUNE_AGE.toMillis(), id -> prune());
    }

    /**
     * Opens the folder, restores the last good state and begins to connect.
     *
     * @param orders carries out what the control plane asks of this node alone
     * @return completes when the applier has restored, whether or not a control plane can be reached; fails with {@link
     *     StateFolderException} when the folder cannot be used
     */
    public static Future<SyncClient> open(
            Vertx vertx, SyncClientOptions options, Applier applier, OrderHandler orders) {
        return restore(vertx, options, applier, orders).onSuccess(SyncClient::connect);
    }

    /** {@link #open} without connecting, which {@link #connect} then does. */
    public static Future<SyncClient> restore(
            Vertx vertx, SyncClientOptions options, Applier applier, OrderHandler orders) {
        Context context = vertx.getOrCreateContext();
        WorkerExecutor disk = vertx.createSharedWorkerExecutor("verge-sync-" + options.folder(), 2);
        Promise<SyncClient> done = Promise.promise();
        disk.executeBlocking(() -> OpenedFolder.open(options.folder(), PRUNE_AGE))
                .onFailure(e -> {
                    disk.close();
                    done.fail(e);
                })
                .onSuccess(opened -> context.runOnContext(v -> {
                    SyncClient client = new SyncClient(vertx, context, options, applier, orders, disk, opened);
                    client.answer(() -> applier.restore(opened.state()), "state", result -> {
                        if (result instanceof ApplyResult.Refused(Map<String, String> reasons)) {
                            LOG.error("sync: the stored state is refused in part: {}", reasons);
                        }
                        done.complete(client);
                    });
                }));
        return done.future();
    }

    /** Begins to follow. To be called once. */
    public void connect() {
        context.runOnContext(v -> {
            if (!closed) {
                link.start();
            }
        });
    }

    /** How the node stands to the log. From any thread. */
    public SyncStatus status() {
        return status;
    }

    /** Completes when the node has caught up for the first time. */
    public Future<Void> caughtUp() {
        return caughtUp.future();
    }

    /** Hands a function's change to the control plane; completes when it is in the log, fails with words for the function. */
    public Future<Void> write(KvWrite write) {
        return asks.write(write);
    }

    /** Where runs of functions go that somebody watches. */
    public LiveTail tail() {
        return tail;
    }

    /** Where what the node counts goes. */
    public UsageSender usage() {
        return asks.usage();
    }

    /** The blobs that entries refer to. */
    public BlobStore blobs() {
        return blobs;
    }

    /**
     * Ends the stream and leaves the folder to another process; what is stored stays. Blobs that are there can still be read, until
     * {@link #close}.
     */
    public Future<Void> leave() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            if (closed) {
                done.complete();
                return;
            }
            closed = true;
            events.clear();
            vertx.cancelTimer(pruning);
            link.close();
            caughtUp.tryFail("the client was closed");
            blocking(store::close).onComplete(done);
        });
        return done.future();
    }

    /** Ends the stream and releases the folder; what is stored stays. */
    public Future<Void> close() {
        return leave().eventually(() -> {
            web.close();
            return disk.close();
        });
    }

    /** What comes from the control plane becomes events. */
    private final class Incoming implements ControlPlaneLink.Listener {
        @Override
        public void up() {
            asks.usage().down();
            deliver(new SyncEvent.Connected());
        }

        @Override
        public void down() {
            asks.down();
            tail.down();
            deliver(new SyncEvent.Disconnected());
        }

        @Override
        public void received(Frame frame) {
            try {
                switch (frame) {
                    case Frame.Head(String history, long revision) -> {
                        deliver(new SyncEvent.HeadReceived(history, revision));
                        asks.usage().greeted();
                    }
                    case Frame.CommitFrame commit -> deliver(new SyncEvent.CommitReceived(Frames.commit(commit)));
                    case Frame.SnapshotBegin(String history, long revision, long floor, long entries) -> {
                        snapshotCharacters = 0;
                        deliver(new SyncEvent.SnapshotBegun(history, revision, floor, entries));
                    }
                    case Frame.SnapshotPart part -> snapshotPart(part);
                    case Frame.SnapshotEnd(long revision) -> deliver(new SyncEvent.SnapshotEnded(revision));
                    case Frame.Bye(String reason) -> LOG.info("sync: the control plane ends the stream: {}", reason);
                    case Frame.OrderGiven(long number, Order order) -> asks.order(number, order);
                    case Frame.Tail(List<String> functions) -> tail.watch(functions);
                    case Frame.KvWritten(long number, String refusal) -> asks.written(number, refusal);
                    case Frame.UsageTaken(String boot, long sequence) ->
                        asks.usage().taken(boot, sequence);
                    case Frame.Hello _,
                            Frame.Ack _,
                            Frame.Nack _,
                            Frame.Alive _,
                            Frame.OrderDone _,
                            Frame.KvAsked _,
                            Frame.Usage _,
                            Frame.Records _ -> nonsense("what only nodes send");
                }
            } catch (IllegalArgumentException wrong) {
                nonsense(String.valueOf(wrong.getMessage()));
            }
        }

        private void snapshotPart(Frame.SnapshotPart part) {
            for (Frame.Item item : part.entries()) {
                snapshotCharacters += item.key().length() + item.value().length();
            }
            if (snapshotCharacters > options.maxSnapshotCharacters()) {
                nonsense("a snapshot of more than " + options.maxSnapshotCharacters() + " characters");
                return;
            }
            deliver(new SyncEvent.SnapshotPart(Frames.entries(part)));
        }

        private void nonsense(String what) {
            LOG.warn("sync: the control plane sent {}", what);
            link.reset();
            deliver(new SyncEvent.Disconnected());
        }
    }

    /** From any thread: events are taken one after the other, each with all its effects. */
    private void deliver(SyncEvent event) {
        if (!context.equals(Vertx.currentContext())) {
            context.runOnContext(v -> deliver(event));
            return;
        }
        if (closed) {
            return;
        }
        events.add(event);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            for (SyncEvent next = events.poll(); next != null; next = events.poll()) {
                for (SyncEffect effect : core.step(next)) {
                    carryOut(effect);
                }
            }
        } finally {
            stepping = false;
            publish();
        }
    }

    private void publish() {
        boolean now = core.caughtUp();
        status = new SyncStatus(
                link.connectedTo() != null,
                now,
                core.position().revision(),
                core.head().revision(),
                now == status.caughtUp() ? status.since() : Instant.now(),
                core.refused());
        if (now) {
            link.sound();
            caughtUp.tryComplete();
        }
    }

    private void carryOut(SyncEffect effect) {
        switch (effect) {
            case SyncEffect.Subscribe(var since, Map<String, Refusal> refused) ->
                link.send(options.hello(since, Refusals.bounded(refused)));
            case SyncEffect.FetchBlobs(long work, Set<String> sha256) -> fetch(work, sha256, 1);
            case SyncEffect.ApplyCommit(long work, var commit) ->
                answer(
                        () -> applier.apply(commit),
                        commit.entries().getFirst().key(),
                        result -> deliver(new SyncEvent.ApplyEnded(work, result)));
            case SyncEffect.ApplySnapshot(long work, var snapshot, boolean missedPurges) ->
                answer(
                        () -> applier.applySnapshot(snapshot, missedPurges),
                        "snapshot",
                        result -> deliver(new SyncEvent.ApplyEnded(work, result)));
            case SyncEffect.Persist(long work, StateUpdate update) -> persist(work, update);
            case SyncEffect.Acknowledge(long revision) -> link.send(new Frame.Ack(revision));
            case SyncEffect.Refuse(long revision, Map<String, String> reasons) ->
                Refusals.tell(revision, reasons, link::send);
            case SyncEffect.Reset(String reason) -> {
                LOG.warn("sync: starting over from {}: {}", core.position().revision(), reason);
                link.reset();
            }
        }
    }

    private void fetch(long work, Set<String> sha256, int attempt) {
        blobs.ensure(sha256)
                .onSuccess(v -> deliver(new SyncEvent.BlobsReady(work)))
                .onFailure(e -> {
                    if (attempt >= BLOB_TRIES) {
                        deliver(new SyncEvent.BlobsFailed(work, "its code cannot be fetched: " + e.getMessage()));
                        return;
                    }
                    LOG.warn("sync: a blob could not be fetched: {}", e.getMessage());
                    vertx.setTimer(BLOB_PAUSE.toMillis() * attempt, id -> fetch(work, sha256, attempt + 1));
                });
    }

    private void persist(long work, StateUpdate update) {
        blocking(() -> store.write(update))
                .onSuccess(v -> deliver(new SyncEvent.Persisted(work)))
                .onFailure(e -> {
                    LOG.error("sync: the state could not be stored", e);
                    deliver(new SyncEvent.PersistFailed(work, String.valueOf(e.getMessage())));
                });
    }

    /** One at a time, in order: the store has one writer. */
    private Future<Void> blocking(Blocking action) {
        return context.<Boolean>executeBlocking(
                        () -> {
                            action.run();
                            return true;
                        },
                        true)
                .mapEmpty();
    }

    /** Disk work. */
    private interface Blocking {
        void run() throws Exception;
    }

    /** Asks the applier; however it fails, it has answered. */
    private void answer(Supplier<Future<ApplyResult>> question, String key, Consumer<ApplyResult> then) {
        Future<ApplyResult> answer;
        try {
            answer = question.get();
        } catch (RuntimeException bug) {
            answer = Future.failedFuture(bug);
        }
        answer.onComplete(done -> context.runOnContext(v -> {
            if (done.succeeded()) {
                then.accept(done.result());
            } else {
                LOG.error("sync: applying failed", done.cause());
                then.accept(ApplyResult.refused(
                        key, "applying failed: " + done.cause().getMessage()));
            }
        }));
    }

    private void prune() {
        blocking(() -> files.prune(BlobFiles.wantedBy(store.load().entries()), PRUNE_AGE))
                .onFailure(e -> LOG.warn("sync: old blobs could not be removed", e));
    }
}
