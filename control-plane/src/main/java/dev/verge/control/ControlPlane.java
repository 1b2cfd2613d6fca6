package dev.verge.control;

import dev.verge.control.access.OperatorToken;
import dev.verge.control.access.Secrets;
import dev.verge.control.account.AccountRoutes;
import dev.verge.control.acme.AcmeOrders;
import dev.verge.control.api.ApiServer;
import dev.verge.control.api.Commits;
import dev.verge.control.api.Route;
import dev.verge.control.backup.BackupRoute;
import dev.verge.control.backup.BackupWriter;
import dev.verge.control.certificate.CertificateRoutes;
import dev.verge.control.console.SessionRoutes;
import dev.verge.control.function.CodeCheck;
import dev.verge.control.function.FunctionRoutes;
import dev.verge.control.function.InvokeTargets;
import dev.verge.control.function.LogsRoute;
import dev.verge.control.function.RolloutRoutes;
import dev.verge.control.function.Rollouts;
import dev.verge.control.function.SecretRoutes;
import dev.verge.control.kv.KeyValues;
import dev.verge.control.kv.NamespaceMoves;
import dev.verge.control.log.Compactor;
import dev.verge.control.log.LogTable;
import dev.verge.control.log.SqlLogSource;
import dev.verge.control.node.NodeKeys;
import dev.verge.control.node.NodeMemory;
import dev.verge.control.node.NodeRoutes;
import dev.verge.control.origin.OriginRoutes;
import dev.verge.control.purge.PurgeRoutes;
import dev.verge.control.replica.Alone;
import dev.verge.control.replica.Peers;
import dev.verge.control.replica.Replicas;
import dev.verge.control.report.NodeReports;
import dev.verge.control.run.Dispatcher;
import dev.verge.control.run.InvokeRoute;
import dev.verge.control.schedule.ScheduleRoutes;
import dev.verge.control.schedule.Scheduler;
import dev.verge.control.secret.SecretBox;
import dev.verge.control.signing.KeyChain;
import dev.verge.control.signing.SigningRoutes;
import dev.verge.control.site.SiteLogsRoute;
import dev.verge.control.site.SiteRolloutRoutes;
import dev.verge.control.site.SiteRollouts;
import dev.verge.control.site.SiteRoutes;
import dev.verge.control.store.BlobFolder;
import dev.verge.control.store.Blobs;
import dev.verge.control.store.CannotStart;
import dev.verge.control.store.DataFolder;
import dev.verge.control.store.Database;
import dev.verge.control.trace.TraceRoute;
import dev.verge.control.usage.TrafficRoute;
import dev.verge.control.usage.UsageIntake;
import dev.verge.control.usage.UsageRoutes;
import dev.verge.control.warmup.WarmupRoute;
import dev.verge.sandbox.FunctionRuntime;
import dev.verge.sandbox.HostSettings;
import dev.verge.sync.nats.NatsHub;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.server.SyncServerOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running control plane: the API, the log's server end and the store behind them. */
public final class ControlPlane {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    /** A start is busy enough, and nodes on the same machine boot hosts that requests wait for. */
    private static final Duration SPARE_DELAY = Duration.ofSeconds(20);

    /** Direct calls and schedules that may be under way on all nodes. */
    private static final int RUNS_AT_ONCE = 128;

    private final ControlPlaneConfig config;
    private final Deque<Supplier<Future<Void>>> ends = new ArrayDeque<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Promise<Void> closed = Promise.promise();
    private int port;
    private @Nullable Scheduler scheduler;

    private ControlPlane(ControlPlaneConfig config) {
        this.config = config;
    }

    /**
     * Starts a control plane; the future completes when it answers.
     *
     * <p>Fails with {@link StartFailure}, whose message is one line: the port is taken, the data folder is locked by another run or
     * cannot be written. May be called from any thread.
     */
    public static Future<ControlPlane> start(ControlPlaneConfig config) {
        return start(config, Clock.systemUTC());
    }

    /** The same under another clock, for the expiry of tokens. */
    static Future<ControlPlane> start(ControlPlaneConfig config, InstantSource clock) {
        return start(config, clock, null);
    }

    /** The same; pushed code is tried by {@code trial} instead of function hosts, which take seconds to boot. */
    static Future<ControlPlane> start(ControlPlaneConfig config, InstantSource clock, CodeCheck.@Nullable Trial trial) {
        Promise<ControlPlane> started = Promise.promise();
        Thread.ofVirtual().name("start").start(() -> {
            ControlPlane controlPlane = new ControlPlane(config);
            try {
                controlPlane.open(clock, trial);
                started.complete(controlPlane);
            } catch (RuntimeException | Error e) {
                controlPlane.close().onComplete(ignored -> started.fail(failure(e)));
            }
        });
        return started.future();
    }

    /** What it was started with. */
    public ControlPlaneConfig config() {
        return config;
    }

    /** The port it listens on; the real one when 0 was configured. */
    public int port() {
        return port;
    }

    /** Fires what is due in the minute of {@code now}, as the clock does by itself; returns when it has ended. */
    void fireSchedules(Instant now) {
        Objects.requireNonNull(scheduler, "it has started").tick(now);
    }

    /** Lets calls in progress finish (for {@code limits.drain} at most), then frees everything. Idempotent. */
    public Future<Void> close() {
        if (!closing.compareAndSet(false, true)) {
            return closed.future();
        }
        Thread.ofVirtual().name("stop").start(() -> {
            while (!ends.isEmpty()) {
                try {
                    await(ends.pop().get());
                } catch (RuntimeException e) {
                    LOG.warn("a part did not end cleanly", e);
                }
            }
            closed.complete();
        });
        return closed.future();
    }

    /** Starts part after part; each one that stands is on the way back before the next one starts. */
    private void open(InstantSource clock, CodeCheck.@Nullable Trial trial) {
        DataFolder folder = DataFolder.open(Path.of(config.data()));
        onClose(folder::close);
        // Half the start is loading Vert.x and Netty; that goes on beside the database's half.
        CompletableFuture<Vertx> loading = CompletableFuture.supplyAsync(
                () -> Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)),
                work -> Thread.ofVirtual().name("start-vertx").start(work));
        ends.push(() -> loading.thenCompose(vertx -> vertx.close().toCompletionStage())
                .handle((done, failure) -> Future.<Void>succeededFuture())
                .join());
        Database database = Database.open(config.store(), System.getenv("VERGE_STORE_PASSWORD"), folder.path());
        onClose(database::close);
        BlobFolder files = new BlobFolder(folder.path());
        database.write(session -> {
            if (LogTable.history(session).isEmpty()) {
                LogTable.startHistory(session, Secrets.id());
            }
            return true;
        });
        Blobs blobs = BlobSweep.open(database, files);
        OperatorToken.ensure(database, config.adminTokenPath(), clock.instant());

        Vertx vertx = loading.join();
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        onClose(meters::close);

        SecretBox box = SecretBox.open(config.secretKeyPath(), System.getenv("VERGE_SECRET_KEY"), database);
        KeyChain keys = new KeyChain(box);
        database.write(session -> {
            keys.ensure(session, clock.instant());
            return true;
        });
        SqlLogSource source = new SqlLogSource(vertx, database, blobs, keys);
        Compactor compactor = new Compactor(vertx, database, config.log().commits());
        onClose(compactor::close);
        BlobSweep sweep = BlobSweep.start(vertx, database, files, blobs, BlobSweep.EVERY_BYTES);
        onClose(sweep::close);
        String replica = Secrets.id();
        NodeMemory memory = new NodeMemory(database, clock, replica);
        SyncServer sync = new SyncServer(
                vertx,
                source,
                new NodeKeys(database, clock),
                SyncServerOptions.defaults().withCompare(config.sync().compare()));
        SyncMeters.register(sync.comparisons(), meters);
        KeyValues keyValues = new KeyValues(database, source::announce, clock, blobs, config.kv(), meters);
        sync.onKvWrite(keyValues);
        NamespaceMoves moves = new NamespaceMoves(vertx, database, source::announce);
        onClose(moves::close);
        Rollouts rollouts = new Rollouts(vertx, database, sync.nodes(), clock, source::announce);
        onClose(rollouts::close);
        UsageIntake usage = new UsageIntake(
                vertx,
                database,
                clock,
                config.usage(),
                sync.tails(),
                rollouts::counted,
                replica,
                () -> Door.connected(sync.nodes()));
        onClose(usage::close);
        sync.onUsage(usage);
        NodeReports reports = new NodeReports(vertx, database, clock, sync, meters);
        onClose(reports::close);
        memory.follow(sync.nodes());
        onClose(memory::close);
        Peers peers = new Alone(sync);
        if (database.shared()) {
            Replicas replicas =
                    new Replicas(vertx, database, sync, replica, new ReplicaDuties(database, source, memory, clock));
            onClose(replicas::close);
            peers = replicas;
        }
        orderCertificates(vertx, database, sync, box, clock, replica, source, meters);

        FunctionRuntime runtime = FunctionRuntime.create(vertx, hosts(), meters);
        ends.push(runtime::close);

        int kept = config.limits().keptVersions();
        List<Route> routes = new ArrayList<>();
        SiteRollouts siteRollouts = new SiteRollouts(vertx, database, sync.nodes(), clock, kept, source::announce);
        onClose(siteRollouts::close);
        routes.addAll(new SiteRoutes(sync.nodes(), kept, config.acme().on()).routes());
        routes.addAll(new SiteRolloutRoutes(kept).routes());
        CodeCheck check = new CodeCheck(trial == null ? runtime::check : trial, config.functions());
        routes.addAll(new FunctionRoutes(sync.nodes(), blobs, check, kept).routes());
        routes.addAll(new RolloutRoutes(kept).routes());
        routes.addAll(new CertificateRoutes(sync.nodes(), box).routes());
        routes.addAll(keyValues.routes());
        routes.addAll(new SecretRoutes(box, kept).routes());
        Dispatcher dispatcher = new Dispatcher(sync.nodes(), peers, database, RUNS_AT_ONCE);
        routes.add(new InvokeRoute(dispatcher, new InvokeTargets(box, keys, kept)).route());
        routes.add(new TraceRoute(dispatcher).route());
        routes.add(new WarmupRoute(dispatcher).route());
        routes.add(new LogsRoute(peers).route());
        routes.add(new SiteLogsRoute(peers).route());
        routes.addAll(new UsageRoutes().routes());
        routes.add(new TrafficRoute(vertx, peers, clock).route());
        scheduler = new Scheduler(vertx, database, dispatcher, clock, replica, keyValues::expire);
        onClose(scheduler::close);
        routes.addAll(new ScheduleRoutes(scheduler).routes());
        routes.addAll(new PurgeRoutes(sync.nodes()).routes());
        routes.addAll(new AccountRoutes().routes());
        routes.addAll(new SessionRoutes().routes());
        routes.add(new BackupRoute(new BackupWriter(database, blobs, BlobSweep::used), folder.path()).route());
        routes.addAll(new NodeRoutes(
                        vertx,
                        database,
                        peers,
                        sync.nodes(),
                        clock,
                        keys,
                        config.tls().fingerprint())
                .routes());
        routes.addAll(new OriginRoutes(vertx, database, sync.nodes()).routes());
        routes.addAll(new SigningRoutes(keys).routes());

        ApiServer api = new ApiServer(vertx, config.limits(), new Commits(database, source::announce), clock, meters);
        Door door = new Door(vertx, config, api, routes, sync, database, meters);
        HttpServer server = await(door.open());
        port = server.actualPort();
        ends.push(server::close);
        scheduler.start();
        if (config.sync().nats().on()) {
            NatsHub hub = await(NatsHub.open(vertx, config.sync().nats(), config.sync().stream(), sync, source));
            NatsMeters.register(hub, meters);
            onClose(hub::close);
        }
        // Nodes hear why their stream ends before the port closes under it.
        ends.push(sync::close);
        ends.push(() -> within(vertx, api.close()));
        LOG.info("the control plane answers on {}, port {}", config.listen(), port);
    }

    private void orderCertificates(
            Vertx vertx,
            Database database,
            SyncServer sync,
            SecretBox box,
            InstantSource clock,
            String replica,
            SqlLogSource source,
            PrometheusMeterRegistry meters) {
        if (config.acme().on()) {
            AcmeOrders orders = new AcmeOrders(
                    vertx,
                    database,
                    sync.nodes(),
                    box,
                    config.acme(),
                    clock,
                    replica,
                    database.shared() ? Replicas::alive : session -> Set.of(),
                    source::announce,
                    meters);
            onClose(orders::close);
            return;
        }
        long waiting = database.read(AcmeOrders::waitingInVain);
        if (waiting > 0) {
            LOG.warn("{} sites say tls.certificate: auto, and acme.directory is not set: nothing is renewed", waiting);
        }
    }

    private HostSettings hosts() {
        int spares = config.functions().spareHosts();
        String home = System.getProperty("verge.home");
        HostSettings settings = home == null
                ? HostSettings.fromClassPath()
                : HostSettings.fromDirectories(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        Path.of(home, "lib", "host"),
                        Path.of(home, "lib", "graal"));
        return settings.withHosts(spares, spares + config.functions().concurrent())
                .withSpareDelay(SPARE_DELAY);
    }

    /** Calls that will not finish do not keep the process from its end. */
    private Future<Void> within(Vertx vertx, Future<Void> drained) {
        Promise<Void> promise = Promise.promise();
        long timer = vertx.setTimer(config.limits().drain().toMillis(), ignored -> promise.tryComplete());
        drained.onComplete(ignored -> {
            vertx.cancelTimer(timer);
            promise.tryComplete();
        });
        return promise.future();
    }

    private void onClose(Runnable end) {
        ends.push(() -> {
            end.run();
            return Future.succeededFuture();
        });
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static StartFailure failure(Throwable cause) {
        return switch (cause) {
            case StartFailure failure -> failure;
            case CannotStart refused -> new StartFailure(String.valueOf(refused.getMessage()), refused);
            case Throwable other -> new StartFailure("the control plane could not start: " + other, other);
        };
    }
}
