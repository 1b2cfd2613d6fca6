package dev.verge.node;

import dev.verge.balancer.UpstreamPools;
import dev.verge.balancer.health.ClientKeys;
import dev.verge.cache.collapse.Collapser;
import dev.verge.cache.partial.RangeMemory;
import dev.verge.cache.store.CacheSettings;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.compress.Compression;
import dev.verge.node.config.ListenAddress;
import dev.verge.node.config.NodeConfig;
import dev.verge.node.fast.FastPaths;
import dev.verge.node.geo.Countries;
import dev.verge.node.kv.KvNamespaces;
import dev.verge.node.observe.AccessLog;
import dev.verge.node.observe.CertificateMeters;
import dev.verge.node.observe.LoopLag;
import dev.verge.node.observe.MemoryWatch;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.observe.NodeReporter;
import dev.verge.node.origin.Addresses;
import dev.verge.node.origin.OwnListeners;
import dev.verge.node.pipeline.FunctionOrders;
import dev.verge.node.pipeline.Loop;
import dev.verge.node.pipeline.NodeIdentity;
import dev.verge.node.pipeline.NodeParts;
import dev.verge.node.pipeline.RequestPipeline;
import dev.verge.node.quota.Quotas;
import dev.verge.node.rules.RateLimiter;
import dev.verge.node.server.ConnectionGate;
import dev.verge.node.server.EdgeListeners;
import dev.verge.node.server.ListeningSockets;
import dev.verge.node.server.http2.WaitingBytes;
import dev.verge.node.site.Routing;
import dev.verge.node.succession.Predecessor;
import dev.verge.node.succession.SuccessionDoor;
import dev.verge.node.sync.ConfigApplier;
import dev.verge.node.sync.PurgeRunner;
import dev.verge.node.tls.OwnCertificate;
import dev.verge.node.tls.TlsContexts;
import dev.verge.node.tunnel.HeldBytes;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionRuntime;
import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Commit;
import dev.verge.sync.report.NodeReport;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/** Builds a node out of its parts, bottom up, and takes it down in the opposite order. Runs on virtual threads, which may block. */
final class NodeRuntime {
    private final NodeConfig config;
    private final Ending ending = new Ending();
    private final AtomicInteger httpPort = new AtomicInteger();
    private final AtomicInteger httpsPort = new AtomicInteger();
    private final List<EdgeListeners> listeners = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable ConfigApplier> configuration = new AtomicReference<>();
    private final AtomicReference<@Nullable NodeState> node = new AtomicReference<>();
    private final AtomicReference<@Nullable Promise<Void>> closing = new AtomicReference<>();
    private final Promise<Void> ended = Promise.promise();
    private final boolean takesOver;
    private final Seams seams;
    private final Logger news;
    private int adminPort;
    private volatile boolean succeeded;
    private @Nullable Vertx vertx;

    private NodeRuntime(NodeConfig config, boolean takesOver, Seams seams) {
        this.config = config;
        this.takesOver = takesOver;
        this.seams = seams;
        this.news = seams.practice() ? NOPLogger.NOP_LOGGER : LoggerFactory.getLogger(EdgeNode.class);
    }

    static Future<NodeRuntime> start(NodeConfig config, boolean takesOver, Seams seams) {
        Promise<NodeRuntime> started = Promise.promise();
        Thread.ofVirtual().name("verge-node-start").start(() -> {
            NodeRuntime runtime = new NodeRuntime(config, takesOver, seams);
            try {
                runtime.build();
                started.complete(runtime);
            } catch (Exception e) {
                runtime.ending.run();
                started.fail(StartFailure.of(e));
            }
        });
        return started.future();
    }

    private void build() throws IOException {
        long begun = System.nanoTime();
        @Nullable
        Predecessor predecessor = Succession.predecessor(config, takesOver).orElse(null);
        @Nullable NodeFolder owned = null;
        if (predecessor == null) {
            owned = openFolder();
        } else {
            ending.add("predecessor", predecessor);
        }
        ListeningSockets sockets = new ListeningSockets(
                predecessor == null ? Map.of() : predecessor.sockets(Succession.addresses(config)),
                !seams.opening().isComplete());
        // The folder is still the predecessor's, if there is one; its certificate is read all the same.
        TlsContexts tls = new TlsContexts(
                OwnCertificate.in(
                        Path.of(config.data()).toAbsolutePath().resolve(OwnCertificate.FOLDER),
                        Clock.systemUTC().instant()),
                config.https().http3());
        ending.add("TLS", tls);

        Observation observation = Observation.begin(config, seams.practice(), ending);
        PrometheusMeterRegistry registry = observation.registry();
        AccessLog log = observation.log();
        NodeMetrics metrics = observation.metrics();
        ConnectionGate gate = new ConnectionGate(config.limits(), config.trustedProxies(), metrics, tls, this::routing);
        Vertx loops = EventLoops.create(config, seams.nativeTransport(), sockets, gate);
        vertx = loops;
        ending.add("event loops", () -> await(loops.close()));
        LoopLag.measure(loops, registry);

        FunctionRuntime functions = FunctionRuntime.create(loops, FunctionHosts.settings(config), registry);
        ending.add("function hosts", () -> await(functions.close()));
        if (predecessor != null) {
            Practice.of(config, new AtomicInteger()).over().otherwiseEmpty().await();
            FunctionHosts.awaitSpares(functions, config);
            predecessor.leaveFolder();
        }
        NodeFolder folder = owned == null ? openFolder() : owned;
        String installation = folder.installationId();
        TieredCache cache = TieredCache.open(
                CacheSettings.of(
                        folder.resolve("cache"),
                        config.cache().memoryBytes(),
                        config.cache().diskBytes()),
                registry);
        ending.add("cache", cache);

        OwnListeners own = OwnListeners.of(config);
        Addresses origins = new Addresses(loops, config.networks().origins(), own);
        Addresses egress = new Addresses(loops, config.networks().functions(), own);
        ClientKeys keys = (scope, name) -> routing().clientKeys(scope, name);
        UpstreamPools pools = new UpstreamPools(
                loops, registry, origins, keys, installation, config.limits().idlePools());
        ending.add("pools", pools);
        Countries countries = Countries.of(config.geo().database());
        KvNamespaces kv = new KvNamespaces(config.functions().kvBytes());
        Quotas quotas = new Quotas(registry);
        ConfigApplier applier = new ConfigApplier(
                loops,
                config.node(),
                pools,
                new PurgeRunner(cache),
                kv,
                quotas,
                FunctionHosts.rules(config),
                countries,
                tls,
                drain -> {
                    NodeState state = node.get();
                    if (state != null) {
                        state.ordered(drain);
                    }
                });
        configuration.set(applier);
        MemoryWatch memory = new MemoryWatch(config.limits().memoryPercent(), HeldBytes::now, registry);
        ending.add("memory watch", memory);
        NodeState state = new NodeState(
                config,
                registry,
                applier,
                functions,
                pools,
                cache,
                memory,
                new CertificateMeters(registry, tls.own(), Clock.systemUTC()));
        node.set(state);

        LogFollower follower = new LogFollower(config, loops, applier, state);
        ending.add("sync", follower::close);
        follower.restore(folder.confidential("sync"));
        ending.add("usage", follower.count(folder.resolve("usage"), registry, quotas::shares));
        if (predecessor == null) {
            follower.connect();
        }
        log.watch(record -> {
            metrics.ended(record);
            follower.handOn(record);
        });
        QuicWay quic = QuicWay.of(
                config, predecessor != null, tls, this::routing, gate, metrics, memory, state, seams.clock());
        ending.add("QUIC", quic);
        NodeParts parts = new NodeParts(
                new NodeIdentity(
                        installation,
                        config.node(),
                        config.region(),
                        () -> publicPort(config.publicPorts().http(), httpPort),
                        () -> publicPort(config.publicPorts().https(), httpsPort),
                        quic::isOpen),
                applier::routing,
                cache,
                new Collapser(cache::outdated),
                new RangeMemory(),
                state::mayServeFromCache,
                origins,
                egress,
                functions,
                sha256 -> follower.blob(sha256).map(bytes -> FunctionBundle.parse(bytes.getBytes())),
                FunctionHosts.rules(config),
                follower.kvStore(kv),
                follower::callApi,
                new RateLimiter(),
                log,
                metrics,
                observation.tracing(),
                follower.meter(),
                quotas,
                new Semaphore(Compression.MAX_ENCODERS),
                config.limits(),
                seams.clock());
        follower.carryOut(await(FunctionOrders.create((VertxInternal) loops, parts)));
        if (seams.fastPath()) {
            gate.answerAhead(new FastPaths(parts, () -> !state.draining().get() && !memory.sheds(), registry));
        }
        listen(loops, parts, metrics, memory, state, gate, quic);
        own.add(httpPort.get());
        own.add(httpsPort.get());
        adminPort = Administration.open(config, loops, state, own);
        loops.setPeriodic(500, ignored -> {
            state.look();
            memory.look();
        });
        loops.setPeriodic(TlsContexts.ROTATE_SECONDS * 1000L, ignored -> tls.rotate());
        loops.setPeriodic(2_000, ignored -> Thread.ofVirtual().start(countries::look));
        follower.tellEvery(NodeReport.PERIOD, new NodeReporter(registry, pools::troubled, System::nanoTime)::report);
        state.serving(
                predecessor == null
                        ? ending.add("practice", Practice.of(config, metrics.active()))
                                .over()
                        : Future.succeededFuture());
        seams.opening().onSuccess(open -> sockets.accept());
        if (predecessor != null) {
            // Only now does this node answer for purges: the other one has stopped serving from its cache.
            predecessor.serving();
            follower.connect();
        }
        if (seams.practice()) {
            return;
        }
        ending.add(
                "succession",
                SuccessionDoor.open(
                        ((VertxInternal) loops).eventLoopGroup(),
                        Succession.socket(folder.path()),
                        new Succession(config, sockets, folder, cache, follower, state, this::succeeded)));
        news.info(
                "node {} serves on http {}, https {}, admin {} after {} ms",
                config.node(),
                httpPort.get(),
                httpsPort.get(),
                adminPort,
                (System.nanoTime() - begun) / 1_000_000);
    }

    /** What is served now; nothing before the configuration is there. */
    private Routing routing() {
        ConfigApplier known = configuration.get();
        return known == null ? Routing.EMPTY : known.routing();
    }

    private void listen(
            Vertx loops,
            NodeParts parts,
            NodeMetrics metrics,
            MemoryWatch memory,
            NodeState state,
            ConnectionGate gate,
            QuicWay quic) {
        ListenAddress http = config.http().listen();
        ListenAddress https = config.https().listen();
        EdgeListeners.Settings settings = new EdgeListeners.Settings(
                http,
                http.port() == 0 ? -1 : http.port(),
                https,
                https.port() == 0 ? -2 : https.port(),
                config.limits(),
                config.trustedProxies(),
                metrics,
                memory,
                metrics.watched(new WaitingBytes(config.limits().http2WaitingBytes())),
                httpPort,
                httpsPort,
                state.draining(),
                quic::door,
                gate::answerPlain,
                seams.clock());
        await(loops.deployVerticle(
                () -> {
                    EdgeListeners listener = new EdgeListeners(
                            settings, () -> new RequestPipeline(parts, new Loop(loops.getOrCreateContext())));
                    listeners.add(listener);
                    return listener;
                },
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors())));
        state.whenDraining(() -> listeners.forEach(each -> {
            var _ = each.goAway();
        }));
        Duration limit = config.limits().drain();
        ending.add("edge ports", limit.plusSeconds(2), () -> {
            state.closing();
            news.info("node {} takes no more connections; requests under way have {} to finish", config.node(), limit);
            new Farewell(listeners, gate, metrics.connections()).end(limit, succeeded);
        });
    }

    private static int publicPort(@Nullable Integer set, AtomicInteger listening) {
        return set != null ? set : listening.get();
    }

    private NodeFolder openFolder() {
        NodeFolder folder = NodeFolder.open(config.data());
        ending.add("data folder", folder);
        return folder;
    }

    /** Another process serves now. */
    private void succeeded() {
        succeeded = true;
        var _ = close();
    }

    /** Completes when the node has been closed, by {@link #close} or by a successor. */
    Future<Void> ended() {
        return ended.future();
    }

    Future<Void> close() {
        Promise<Void> own = Promise.promise();
        Promise<Void> first = closing.compareAndExchange(null, own);
        if (first != null) {
            return first.future();
        }
        Thread.ofVirtual().name("verge-node-close").start(() -> {
            ending.run();
            news.info("node {} has ended", config.node());
            own.complete();
            ended.complete();
        });
        return own.future();
    }

    /** Brings a change into force that no log tells of. */
    Future<ApplyResult> apply(Commit commit) {
        return Objects.requireNonNull(configuration.get()).apply(commit);
    }

    NodeConfig config() {
        return config;
    }

    int httpPort() {
        return httpPort.get();
    }

    int httpsPort() {
        return httpsPort.get();
    }

    int adminPort() {
        return adminPort;
    }

    Vertx vertx() {
        return Objects.requireNonNull(vertx, "made first when the node is built");
    }

    private static <T> T await(Future<T> future) {
        return future.await();
    }
}
