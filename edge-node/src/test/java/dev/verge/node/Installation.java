package dev.verge.node;

import dev.verge.node.config.NodeConfig;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.PurgeEntry;
import dev.verge.sync.log.PurgeTarget;
import dev.verge.sync.log.Secret;
import dev.verge.sync.log.SiteEntry;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.server.KvWriter;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.server.SyncServerOptions;
import dev.verge.sync.server.UsageTaker;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A real node on free ports behind a real sync stream, for tests over sockets. */
final class Installation implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(40);

    final Vertx vertx = Vertx.vertx();
    final TestLog log = new TestLog(vertx);
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger versions = new AtomicInteger();
    private final HttpServer http;
    private final SyncServer sync;
    private final Path data;
    private final String settings;
    private final Seams seams;
    private volatile @Nullable Handler<HttpServerRequest> api;
    private @Nullable EdgeNode node;

    /** @param settings further lines of node.yaml */
    Installation(Path data, String settings) {
        this(data, settings, Seams.NONE);
    }

    Installation(Path data, String settings, Seams seams) {
        this(data, settings, seams, List.of());
    }

    /** @param groups that the node's token has */
    Installation(Path data, String settings, Seams seams, List<String> groups) {
        this.seams = seams;
        this.data = data;
        this.settings = settings;
        sync = new SyncServer(vertx, log, new OneNode(groups), SyncServerOptions.defaults());
        http = await(vertx.createHttpServer(new HttpServerOptions()
                        .setMaxWebSocketFrameSize(Frame.MAX_FRAME_BYTES)
                        .setMaxWebSocketMessageSize(Frame.MAX_BYTES))
                .requestHandler(request -> {
                    Handler<HttpServerRequest> ofApi = api;
                    if (ofApi != null && request.uri().startsWith("/v1/")) {
                        ofApi.handle(request);
                    } else {
                        sync.handle(request);
                    }
                })
                .listen(0, "127.0.0.1"));
        start();
    }

    EdgeNode start() {
        EdgeNode started = await(EdgeNode.start(config(), seams));
        node = started;
        return started;
    }

    /** A second node takes the place of the one that runs, which is returned. */
    EdgeNode takeOver() {
        EdgeNode old = node();
        node = await(EdgeNode.takeOver(config()));
        return old;
    }

    NodeConfig config() {
        String yaml = """
                node: n
                admin: {listen: "127.0.0.1:0"}
                controlPlane: {urls: ["http://127.0.0.1:%d"], token: t}
                data: "%s"
                cache: {memoryBytes: 64MiB, diskBytes: 512MiB}
                sync: {startupWait: 5s}
                networks: {origins: [127.0.0.0/8], functions: [127.0.0.0/30]}
                %s
                """.formatted(http.actualPort(), data, settings);
        if (!settings.contains("warmUp:")) {
            yaml += "warmUp: 0s\n"; // what tests look at is what they sent
        }
        for (String port : List.of("http", "https")) {
            if (!settings.contains(port + ": {listen")) {
                yaml += port + ": {listen: \"127.0.0.1:0\"}\n";
            }
        }
        if (!settings.contains("functions:")) {
            yaml += "functions: {spareHosts: 0}\n"; // most tests call no function, and a host costs seconds to boot
        }
        return Binder.standard().bindText(yaml, NodeConfig.class).orThrow();
    }

    EdgeNode node() {
        EdgeNode running = node;
        if (running == null) {
            throw new AssertionError("no node runs");
        }
        return running;
    }

    void stop() {
        EdgeNode running = node;
        node = null;
        if (running != null) {
            await(running.close());
        }
    }

    /** The control plane goes away. */
    void loseControlPlane() {
        await(sync.close());
        await(http.close());
    }

    /** Publishes the site {@code shop} and waits until the node has taken it in. */
    void publish(String document) {
        applied(log.commit(new SiteEntry("default", "shop", "i1", versions.incrementAndGet(), document)));
    }

    /** Its first calls are interpreted on whatever the machine leaves them, so it has more CPU time than functions usually have. */
    void publishFunction(String name, String source) {
        publishFunction(
                name, source, FunctionManifest.read("limits: {cpu: 500ms}").orThrow(), Map.of());
    }

    void publishFunction(String name, String source, FunctionManifest manifest, Map<String, Secret> secrets) {
        FunctionBundle bundle = FunctionBundle.ofSource(source);
        log.blob(bundle.sha256(), bundle.toBytes());
        applied(log.commit(new FunctionEntry(
                "default",
                name,
                "f1",
                List.of(new Deployed(versions.incrementAndGet(), 100, bundle.sha256(), manifest, secrets)))));
    }

    /** Takes the changes that functions ask for. */
    void onKvWrite(KvWriter writer) {
        sync.onKvWrite(writer);
    }

    /** Answers in place of the control plane's API. */
    void onApi(Handler<HttpServerRequest> handler) {
        api = handler;
    }

    /** Takes what the node counts. */
    void onUsage(UsageTaker taker) {
        sync.onUsage(taker);
    }

    OrderResult order(Order order) {
        return await(sync.nodes().order("n", order));
    }

    void purge(PurgeTarget target, boolean soft) {
        applied(log.commit(new PurgeEntry(UUID.randomUUID().toString(), "default", "shop", "i1", target, soft)));
    }

    /** Waits until the node has answered for a revision, by taking it or refusing it. */
    void applied(long revision) {
        until(
                "revision " + revision,
                () -> sync.nodes()
                        .find("n")
                        .map(state -> state.acked() >= revision)
                        .orElse(false));
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + node().httpPort() + path);
    }

    URI admin(String path) {
        return URI.create("http://127.0.0.1:" + node().adminPort() + path);
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).build());
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url(path)).timeout(DEADLINE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request;
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer to " + request.uri() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    List<HttpResponse<String>> getMany(String path, int count) {
        List<java.util.concurrent.CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(client.sendAsync(request(path).build(), BodyHandlers.ofString()));
        }
        return sent.stream().map(java.util.concurrent.CompletableFuture::join).toList();
    }

    static String cacheStatus(HttpResponse<?> response) {
        return response.headers().firstValue("cache-status").orElse("");
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("waited in vain: " + e.getMessage(), e);
        }
    }

    /** Waits for a condition that no event tells of. */
    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        stop();
        client.close();
        await(vertx.close());
    }
}
