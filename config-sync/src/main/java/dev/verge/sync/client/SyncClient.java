package dev.verge.sync.client;

import dev.verge.sync.core.StateUpdate;
import dev.verge.sync.core.SyncCore;
import dev.verge.sync.core.SyncEffect;
import dev.verge.sync.core.SyncEvent;
import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the log at a node: opens the stored state, hands it to the node, then connects and keeps up in the background. Carries out
 * what {@link SyncCore} decides. Everything runs on one context; disk work on a worker of its own.
 */
public final class SyncClient {

    private static final Logger LOG = LoggerFactory.getLogger(SyncClient.class);

    private final Vertx vertx;
    private final Context context;
    private final SyncClientOptions options;
    private final Applier applier;
    private final WorkerExecutor disk;
    private final StateFolder folder;
    private final BlobStore blobs;
    private final @Nullable BulkWay bulk;
    private final WebClient web;
    private final ApiCalls api;
    private final SyncCore core;
    private final ControlPlaneLink link;
    private final KeyWork ownKeys;
    private final Asks asks;
    private final LiveTail tail;
    private final Deque<SyncEvent> events = new ArrayDeque<>();
    private final Promise<Void> caughtUp = Promise.promise();
    private final long pruning;
    private volatile SyncStatus status;
    private List<String> groups;
    private Consumer<Frame> snapshotFrames = frame -> {};
    private boolean stepping;
    private long distrusted;
    private boolean closed;

    private SyncClient(
            Vertx vertx,
            Context context,
            SyncClientOptions options,
            Applier applier,
            OrderHandler orders,
            Carrier.@Nullable Maker maker,
            WorkerExecutor disk,
            StateFolder folder) {
        this.vertx = vertx;
        this.context = context;
        this.options = options;
        this.folder = folder;
        this.groups = folder.groups();
        this.applier = new OpeningApplier(applier, folder.ring());
        this.disk = disk;
        this.core = new SyncCore(
                folder.state().position(),
                folder.state().refused(),
                folder.ring().trust(folder.state().entries()));
        WebClientOptions calls = new WebClientOptions().setFollowRedirects(false);
        if (options.fingerprint() != null) {
            calls.setTrustOptions(TrustOptions.wrap(new PinnedTrust(options.fingerprint())));
        }
        this.web = WebClient.create(vertx, calls);
        Carrier carrier = maker == null ? new WebSocketCarrier(vertx, options) : maker.make(vertx, context);
        Enroller enroller = new Enroller(folder.ring(), options, web, disk);
        this.link = new ControlPlaneLink(
                vertx, context, options, enroller, () -> folder.ring().trustOr(core.trust()), carrier);
        this.api = new ApiCalls(web, options, link);
        this.ownKeys = new KeyWork(context, disk, folder.ring(), link);
        this.asks = new Asks(
                vertx, context, link, order -> orders.carryOut(folder.ring().open(order)));
        this.tail = new LiveTail(vertx, context, link);
        this.bulk = way(carrier.bulk());
        Comparing comparing =
                new Comparing(context, disk, folder, link, () -> core.position().revision());
        Incoming incoming = new Incoming(
                options, link, ownKeys, asks, tail, comparing, bulk, this::belongs, this::deliver, this::distrust);
        link.tell(incoming);
        snapshotFrames = incoming::snapshot;
        this.blobs = new BlobStore(
                vertx, disk, folder.files(), bulk == null ? new HttpBlobs(vertx, web, options, link) : bulk);
        this.status = new SyncStatus(false, false, core.position().revision(), 0, Instant.now(), core.refused(), 0);
        this.pruning = vertx.setPeriodic(
                StateFolder.PRUNE_AGE.toMillis(),
                id -> blocking(folder::prune).onFailure(e -> LOG.warn("sync: old blobs could not be removed", e)));
    }

    private @Nullable BulkWay way(@Nullable Bulk from) {
        return from == null
                ? null
                : new BulkWay(
                        context,
                        options,
                        disk,
                        link,
                        folder,
                        from,
                        commit -> core.mistake(commit) == null,
                        commit -> deliver(new SyncEvent.CommitReceived(commit)),
                        frame -> snapshotFrames.accept(frame));
    }

    private void belongs(List<String> now) {
        if (!now.equals(groups)) {
            groups = List.copyOf(now);
            applier.belongs(groups);
            blocking(() -> folder.store().groups(now))
                    .onFailure(e -> LOG.warn("sync: the groups of this node could not be stored", e));
        }
    }

    private void distrust() {
        distrusted++;
        publish();
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

    /** Calls of the API in the name of others. */
    public ApiCalls api() {
        return api;
    }

    /** {@link #open} without connecting, which {@link #connect} then does. */
    public static Future<SyncClient> restore(
            Vertx vertx, SyncClientOptions options, Applier applier, OrderHandler orders) {
        return restore(vertx, options, applier, orders, null);
    }

    /**
     * The same over another way than a WebSocket.
     *
     * @param maker makes the way; null for the WebSocket
     */
    public static Future<SyncClient> restore(
            Vertx vertx,
            SyncClientOptions options,
            Applier applier,
            OrderHandler orders,
            Carrier.@Nullable Maker maker) {
        Context context = vertx.getOrCreateContext();
        WorkerExecutor disk = vertx.createSharedWorkerExecutor("verge-sync-" + options.folder(), 2);
        Promise<SyncClient> done = Promise.promise();
        disk.executeBlocking(() -> StateFolder.open(options))
                .onFailure(e -> {
                    disk.close();
                    done.fail(e);
                })
                .onSuccess(opened -> context.runOnContext(v -> {
                    SyncClient client = new SyncClient(vertx, context, options, applier, orders, maker, disk, opened);
                    client.applier.belongs(opened.groups());
                    Question.ask(context, () -> client.applier.restore(opened.state()), "state", result -> {
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
        return asks.kv().write(write);
    }

    /** Values that are being handed on in pieces. */
    public int uploads() {
        return asks.kv().uploads();
    }

    /** Asks the control plane for a change whose value is handed on in pieces; its calls fail as {@link #write} does. */
    public KvUpload upload(KvWrite write) {
        return asks.kv().upload(write);
    }

    /** Makes new keys for this node and changes to them; done when the control plane knows them. From any thread. */
    public void changeKeys() {
        ownKeys.change();
    }

    /** The name of the node as its token said; empty while it was not exchanged. */
    public String node() {
        return folder.ring().current().map(OwnKeys::node).orElse("");
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
            blocking(folder.store()::close).onComplete(done);
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
                !link.session().isEmpty(),
                now,
                core.position().revision(),
                core.head().revision(),
                now == status.caughtUp() ? status.since() : Instant.now(),
                core.refused(),
                distrusted);
        if (now) {
            link.sound();
            caughtUp.tryComplete();
        }
    }

    private void carryOut(SyncEffect effect) {
        switch (effect) {
            case SyncEffect.Subscribe(var since, Map<String, Refusal> refused) -> {
                if (bulk != null) {
                    bulk.subscribed(since);
                }
                link.send(options.hello(since, Refusals.bounded(refused)));
            }
            case SyncEffect.FetchBlobs(long work, Set<String> sha256) ->
                blobs.bring(sha256)
                        .onSuccess(v -> deliver(new SyncEvent.BlobsReady(work)))
                        .onFailure(e -> deliver(
                                new SyncEvent.BlobsFailed(work, "its code cannot be fetched: " + e.getMessage())));
            case SyncEffect.ApplyCommit(long work, var commit) ->
                Question.ask(
                        context,
                        () -> applier.apply(commit),
                        commit.entries().getFirst().key(),
                        result -> deliver(new SyncEvent.ApplyEnded(work, result)));
            case SyncEffect.ApplySnapshot(long work, var snapshot, boolean missedPurges) ->
                Question.ask(
                        context,
                        () -> applier.applySnapshot(snapshot, missedPurges),
                        "snapshot",
                        result -> deliver(new SyncEvent.ApplyEnded(work, result)));
            case SyncEffect.Persist(long work, StateUpdate update) -> persist(work, update);
            case SyncEffect.Acknowledge(long revision) -> {
                link.send(new Frame.Ack(revision));
                if (bulk != null) {
                    bulk.acked(revision);
                }
            }
            case SyncEffect.Refuse(long revision, Map<String, String> reasons) ->
                Refusals.tell(revision, reasons, link::send);
            case SyncEffect.Distrust(String reason) -> {
                LOG.error("sync: {}", reason);
                distrusted++;
            }
            case SyncEffect.Reset(String reason) -> {
                LOG.warn("sync: starting over from {}: {}", core.position().revision(), reason);
                link.reset();
                if (bulk != null) {
                    bulk.down();
                }
            }
        }
    }

    private void persist(long work, StateUpdate update) {
        blocking(() -> folder.store().write(update))
                .onSuccess(v -> deliver(new SyncEvent.Persisted(work)))
                .onFailure(e -> {
                    LOG.error("sync: the state could not be stored", e);
                    deliver(new SyncEvent.PersistFailed(work, String.valueOf(e.getMessage())));
                });
    }

    /** One at a time, in order: the store has one writer. */
    private Future<Void> blocking(Blocking action) {
        Callable<Boolean> work = () -> {
            action.run();
            return true;
        };
        return context.executeBlocking(work, true).mapEmpty();
    }

    /** Disk work. */
    private interface Blocking {
        void run() throws Exception;
    }
}
