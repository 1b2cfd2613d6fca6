package dev.verge.node;

import dev.verge.node.config.NodeConfig;
import dev.verge.node.kv.BlobReader;
import dev.verge.node.kv.KvNamespaces;
import dev.verge.node.kv.KvStore;
import dev.verge.node.observe.AccessRecord;
import dev.verge.node.observe.FunctionRecord;
import dev.verge.node.observe.LogRecord;
import dev.verge.node.sync.ConfigApplier;
import dev.verge.node.usage.UsageKeeper;
import dev.verge.node.usage.UsageMeter;
import dev.verge.node.usage.UsageSpool;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.client.ApiCalls;
import dev.verge.sync.client.OrderHandler;
import dev.verge.sync.client.SyncClient;
import dev.verge.sync.client.SyncClientOptions;
import dev.verge.sync.client.UsageSource;
import dev.verge.sync.live.LiveRecord;
import dev.verge.sync.nats.NatsCarrier;
import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.report.NodeReport;
import dev.verge.sync.usage.QuotaShare;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's end of the configuration log: one client at a time, and what the rest of the node needs of it. Thread-safe. */
final class LogFollower {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeNode.class);

    /** Reads of long values block a virtual thread each. */
    private static final Executor DISK =
            work -> Thread.ofVirtual().name("kv-read").start(work);

    private final NodeConfig config;
    private final Vertx loops;
    private final ConfigApplier applier;
    private final NodeState state;
    private final AtomicReference<@Nullable SyncClient> client = new AtomicReference<>();
    private final UsageMeter meter = new UsageMeter();
    private final AtomicReference<@Nullable UsageSpool> usage = new AtomicReference<>();
    private final AtomicReference<OrderHandler> orders =
            new AtomicReference<>(order -> Future.succeededFuture(OrderResult.notRun("the node is starting")));

    LogFollower(NodeConfig config, Vertx loops, ConfigApplier applier, NodeState state) {
        this.config = config;
        this.loops = loops;
        this.applier = applier;
        this.state = state;
    }

    /** Brings what is on disk into force. Blocks. */
    void restore(Path folder) {
        NodeConfig.ControlPlaneLink link = config.controlPlane();
        SyncClientOptions options = SyncClientOptions.of(
                        link.urls().stream().map(URI::create).toList(), token(link), folder, version())
                .withAllowShared(config.functions().allowShared())
                .withPins(link.fingerprint(), link.signingKey());
        SyncClient opened = SyncClient.restore(
                        loops,
                        options,
                        applier,
                        order -> orders.get().carryOut(order),
                        config.sync().nats().on()
                                ? NatsCarrier.with(config.sync().nats())
                                : null)
                .await();
        UsageSource counted = usage.get();
        opened.usage().from(counted == null ? UsageSource.NONE : counted);
        client.set(opened);
        state.follow(opened);
        applier.values()
                .start(sha256 -> opened.blobs().file(sha256).toCompletionStage().toCompletableFuture());
    }

    /** The token, empty when there is none any more: the node may have exchanged it before. */
    private static String token(NodeConfig.ControlPlaneLink link) {
        if (link.tokenFile() == null) {
            return link.token() == null ? "" : link.token();
        }
        try {
            Path file = Path.of(link.tokenFile());
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            throw new UncheckedIOException("controlPlane.tokenFile: " + link.tokenFile() + " cannot be read", e);
        }
    }

    /** Begins to follow; the tail of the log is waited for a moment, and then the node serves what it has. Blocks. */
    void connect() {
        SyncClient opened = opened();
        opened.connect();
        if (config.controlPlane().urls().isEmpty() && !config.sync().nats().on()) {
            return;
        }
        Duration limit = config.sync().startupWait();
        try {
            opened.caughtUp().await(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.info("the control plane was not heard within {}: serving what is on disk", limit);
        }
    }

    /** Ends the stream and leaves the folder to another process. Blobs that are there can still be read. Blocks. */
    void leave() {
        UsageSpool counted = usage.get();
        if (counted != null) {
            counted.leave();
        }
        applier.values().stop();
        opened().leave().await();
    }

    /** Ends the stream and releases the folder. Blocks. */
    void close() {
        SyncClient open = client.get();
        applier.values().stop();
        if (open != null) {
            open.close().await();
        }
    }

    /** What counts. */
    UsageMeter meter() {
        return meter;
    }

    /**
     * Hands over from now on what is counted; what is returned ends that.
     *
     * @param shares hears of this node's parts of quotas
     */
    AutoCloseable count(Path folder, MeterRegistry registry, Consumer<Map<String, QuotaShare>> shares)
            throws IOException {
        UsageSpool spool = UsageSpool.open(
                folder, config.sync().usageBytes(), Clock.systemUTC().instant());
        usage.set(spool);
        opened().usage().onShares(shares);
        opened().usage().from(spool);
        return new UsageKeeper(loops, meter, spool, Clock.systemUTC(), registry, () -> {
            SyncClient open = client.get();
            if (open != null) {
                open.usage().more();
            }
        });
    }

    /** Who carries out what the control plane asks of this node alone. */
    void carryOut(OrderHandler handler) {
        orders.set(handler);
    }

    /** Reads a blob of the log. */
    Future<Buffer> blob(String sha256) {
        return opened().blobs().read(sha256);
    }

    /** Calls the control plane's API with somebody's own token. */
    Future<ApiCalls.Answer> callApi(String path, String token, Buffer json) {
        return opened().api().post(path, token, json);
    }

    KvStore kvStore(KvNamespaces namespaces) {
        return new KvStore() {
            @Override
            public KvNamespaces namespaces() {
                return namespaces;
            }

            @Override
            public CompletableFuture<BlobReader> open(String sha256) {
                return opened().blobs()
                        .file(sha256)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .thenApplyAsync(LogFollower::reader, DISK);
            }

            @Override
            public CompletableFuture<Void> write(KvWrite change) {
                return opened().write(change).toCompletionStage().toCompletableFuture();
            }

            @Override
            public KvUpload upload(KvWrite change) {
                return opened().upload(change);
            }
        };
    }

    private static BlobReader reader(Path file) {
        try {
            return BlobReader.open(file, DISK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A run of a function, or a request of a site, goes to those who watch it, if there are any. */
    void handOn(LogRecord record) {
        switch (record) {
            case FunctionRecord run ->
                handOn(
                        run.invocation().function().account(),
                        run.invocation().function().name(),
                        run);
            case AccessRecord request -> {
                if (request.account() != null && request.site() != null) {
                    handOn(request.account(), LiveRecord.ofSite(request.site()), request);
                }
            }
        }
    }

    private void handOn(String account, String watched, LogRecord record) {
        handOn(account, watched, () -> {
            StringBuilder line = new StringBuilder();
            record.json(line);
            return line.toString();
        });
    }

    /** Tells the control plane again and again how the node is, if that asks for it. */
    void tellEvery(Duration period, Supplier<NodeReport> report) {
        loops.setPeriodic(
                period.toMillis(),
                ignored -> Thread.ofVirtual()
                        .start(() -> handOn(
                                NodeReport.PLATFORM,
                                NodeReport.CHANNEL,
                                () -> RecordJson.write(report.get()).toString())));
    }

    private void handOn(String account, String watched, Supplier<String> json) {
        SyncClient open = client.get();
        if (open != null && open.tail().watches(account, watched)) {
            open.tail().add(account, watched, json.get());
        }
    }

    private SyncClient opened() {
        return Objects.requireNonNull(client.get(), "the log is opened before anything is served");
    }

    private static String version() {
        String version = EdgeNode.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
