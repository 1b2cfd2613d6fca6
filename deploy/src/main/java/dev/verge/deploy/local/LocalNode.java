package dev.verge.deploy.local;

import dev.verge.node.EdgeNode;
import dev.verge.node.config.NodeConfig;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.SiteEntry;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderRequest;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.server.SyncServerOptions;
import dev.verge.sync.server.Tails;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A running node with a log of its own. Methods block; call them from threads that may. */
public final class LocalNode implements AutoCloseable {
    private static final String ACCOUNT = "default";
    private static final String INCARNATION = "1";

    private final Vertx vertx;
    private final Path data;
    private final LocalBlobs blobs;
    private final LocalLog log;
    private final LocalKv kv;
    private final AtomicInteger versions = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final SyncServer sync;
    private final EdgeNode node;
    private final Promise<Void> opening;

    private LocalNode(
            Vertx vertx,
            Path data,
            LocalBlobs blobs,
            LocalLog log,
            LocalKv kv,
            SyncServer sync,
            EdgeNode node,
            Promise<Void> opening) {
        this.opening = opening;
        this.vertx = vertx;
        this.data = data;
        this.blobs = blobs;
        this.log = log;
        this.kv = kv;
        this.sync = sync;
        this.node = node;
    }

    /**
     * Starts a node that serves nothing yet: requests wait until it is told to {@link #open}.
     *
     * @param port of its clear-text listener on loopback; 0 takes a free one
     * @throws dev.verge.node.StartFailure when it cannot start: the port is taken
     */
    public static LocalNode start(int port) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Path data = folder();
        try {
            LocalBlobs blobs = new LocalBlobs();
            LocalLog log = new LocalLog(blobs);
            LocalKv kv = new LocalKv(log, blobs);
            OnlyNode only = new OnlyNode();
            SyncServer sync = new SyncServer(vertx, log, only, SyncServerOptions.defaults());
            sync.onKvWrite(kv);
            HttpServer http = vertx.createHttpServer(new HttpServerOptions()
                            .setMaxWebSocketFrameSize(Frame.MAX_FRAME_BYTES)
                            .setMaxWebSocketMessageSize(Frame.MAX_BYTES))
                    .requestHandler(sync::handle)
                    .listen(0, "127.0.0.1")
                    .await();
            String settings = settings(port, http.actualPort(), only.token(), data);
            Promise<Void> opening = Promise.promise();
            EdgeNode node = EdgeNode.start(
                            Binder.standard()
                                    .bindText(settings, NodeConfig.class)
                                    .orThrow(),
                            opening.future())
                    .await();
            return new LocalNode(vertx, data, blobs, log, kv, sync, node, opening);
        } catch (RuntimeException | Error failure) {
            vertx.close().await();
            delete(data);
            throw failure;
        }
    }

    /** More than enough for one developer; the rest of the machine is theirs. */
    private static String settings(int port, int log, String token, Path data) {
        return """
                node: %s
                http: {listen: "127.0.0.1:%d"}
                https: {listen: "127.0.0.1:0"}
                admin: {listen: "127.0.0.1:0"}
                controlPlane: {urls: ["http://127.0.0.1:%d"], token: "%s"}
                data: "%s"
                cache: {memoryBytes: 32MiB, diskBytes: 256MiB}
                functions: {memoryBytes: 1GiB, spareHosts: 1, kvBytes: 64MiB}
                sync: {startupWait: 5s}
                warmUp: 0s
                networks:
                  origins: [127.0.0.0/8, "::1/128", 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "fc00::/7"]
                  functions: [127.0.0.0/8, "::1/128", 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "fc00::/7"]
                """.formatted(OnlyNode.NAME, port, log, token, data);
    }

    /** Serves what has waited, and what comes. */
    public void open() {
        opening.tryComplete();
    }

    /** For small servers beside the node; it ends with this. */
    public Vertx vertx() {
        return vertx;
    }

    /** The port that the node answers on. */
    public int port() {
        return node.httpPort();
    }

    /** Puts a site into force, in place of the one before; returns when the node serves it or has refused it. */
    public Optional<String> publishSite(String site, String document) {
        SiteEntry entry = new SiteEntry(ACCOUNT, site, INCARNATION, versions.incrementAndGet(), document);
        return taken(entry.key(), log.commit(entry.key(), entry.toJson()));
    }

    /** Puts a version of a function into force; returns why the node refuses it, or nothing when it is live. */
    public Optional<String> publish(LocalFunction function) {
        FunctionEntry entry = new FunctionEntry(ACCOUNT, function.name(), INCARNATION, List.of(deployed(function)));
        return taken(entry.key(), log.commit(entry.key(), entry.toJson()));
    }

    Deployed deployed(LocalFunction function) {
        FunctionBundle bundle = function.bundle();
        blobs.put(bundle.sha256(), bundle.toBytes());
        return new Deployed(versions.incrementAndGet(), 100, bundle.sha256(), function.manifest(), function.secrets());
    }

    /** Sets a key of a namespace. */
    public void put(String namespace, String key, byte[] value) {
        await(kv.put(ACCOUNT, namespace, key, value, null, null));
    }

    /** Runs a version of a function that gets no traffic, once, with a request of nobody. */
    public OrderResult invoke(LocalFunction function, String url, byte[] body) {
        return invoke(function.name(), deployed(function), url, body);
    }

    /** Likewise, again and again, in the same context. */
    OrderResult invoke(String function, Deployed code, String url, byte[] body) {
        OrderRequest request =
                new OrderRequest("POST", url, List.of(), Base64.getEncoder().encodeToString(body));
        return sync.nodes()
                .order(
                        OnlyNode.NAME,
                        Order.invoke(
                                "local-" + calls.incrementAndGet(), ACCOUNT, function, code.version(), code, request))
                .await();
    }

    /** Calls a function's {@code scheduled} handler, as its schedule would. */
    public OrderResult tick(String function, String cron, long scheduledTime) {
        return sync.nodes()
                .order(
                        OnlyNode.NAME,
                        Order.scheduled("tick-" + versions.incrementAndGet(), ACCOUNT, function, cron, scheduledTime))
                .await();
    }

    /**
     * Tells of each finished run of a function, as the node's JSON text.
     *
     * @param watcher called on the stream's thread: it must not block
     */
    public Registration watch(String function, Consumer<String> watcher) {
        return sync.tails().watch(ACCOUNT, function, seen -> {
            if (seen instanceof Tails.Seen.Run(String where, String json)) {
                watcher.accept(json);
            }
        });
    }

    private Optional<String> taken(String key, long revision) {
        await(revision);
        return sync.nodes()
                .find(OnlyNode.NAME)
                .map(state -> state.refused().get(key))
                .filter(refusal -> refusal.revision() >= revision)
                .map(dev.verge.sync.log.Refusal::reason);
    }

    /** Waits until the node has answered for a revision. */
    private void await(long revision) {
        Promise<Void> answered = Promise.promise();
        Registration registration = sync.nodes().onChange(state -> {
            if (state.acked() >= revision) {
                answered.tryComplete();
            }
        });
        try {
            sync.nodes()
                    .find(OnlyNode.NAME)
                    .filter(state -> state.acked() >= revision)
                    .ifPresent(state -> answered.tryComplete());
            Future<Void> done = answered.future();
            done.await();
        } finally {
            registration.close();
        }
    }

    /** Ends the node, its function hosts and everything else, and removes its data. */
    @Override
    public void close() {
        node.close().await();
        sync.close().await();
        vertx.close().await();
        delete(data);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("verge-local-");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder: " + e.getMessage(), e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException left) {
            // In a temporary folder: the system clears it away.
        }
    }
}
