package dev.verge.sync.end2end;

import dev.verge.sync.client.Applier;
import dev.verge.sync.client.Carrier;
import dev.verge.sync.client.OrderHandler;
import dev.verge.sync.client.SyncClient;
import dev.verge.sync.client.SyncClientOptions;
import dev.verge.sync.log.SiteEntry;
import dev.verge.sync.server.LogSource;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.server.SyncServerOptions;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A control plane's end on a real port, and clients of it. Tokens are {@code token-NODE}. */
final class Fleet implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    final Vertx vertx = Vertx.vertx();
    private final SyncServerOptions options;
    final TestNodes nodes = new TestNodes();
    private final List<SyncClient> clients = new ArrayList<>();
    private @Nullable HttpServer http;
    private volatile SyncServer sync;
    OrderHandler orders = OrderHandler.NONE;
    int port;

    Fleet(SyncServerOptions options) {
        this.options = options;
    }

    Fleet() {
        this(SyncServerOptions.defaults());
    }

    /** Starts, or starts again behind the same port. */
    SyncServer serve(LogSource source) {
        SyncServer started = new SyncServer(vertx, source, nodes, options);
        sync = started;
        if (http == null) {
            http = await(vertx.createHttpServer(new HttpServerOptions()
                            .setMaxWebSocketFrameSize(Frame.MAX_FRAME_BYTES)
                            .setMaxWebSocketMessageSize(Frame.MAX_BYTES))
                    .requestHandler(request -> sync.handle(request))
                    .listen(0, "127.0.0.1"));
            port = http.actualPort();
        }
        return started;
    }

    /** Ends all streams and refuses new ones. */
    void stopServing() {
        await(sync.close());
    }

    /** Frees the port too. */
    void disappear() {
        stopServing();
        await(http.close());
    }

    SyncClient connect(String node, Path folder, Applier applier) {
        return open(options(node, folder), applier);
    }

    SyncClient open(SyncClientOptions clientOptions, Applier applier) {
        SyncClient client = await(SyncClient.open(vertx, clientOptions, applier, orders));
        clients.add(client);
        return client;
    }

    /** A client over another way than a WebSocket. */
    SyncClient open(SyncClientOptions clientOptions, Applier applier, Carrier.Maker maker) {
        SyncClient client = await(
                SyncClient.restore(vertx, clientOptions, applier, orders, maker).onSuccess(SyncClient::connect));
        clients.add(client);
        return client;
    }

    SyncClientOptions options(String node, Path folder) {
        return options(node, folder, Duration.ofSeconds(2));
    }

    /** @param silence after which a quiet stream is given up */
    SyncClientOptions options(String node, Path folder, Duration silence) {
        return new SyncClientOptions(
                List.of(URI.create("http://127.0.0.1:" + port)),
                "token-" + node,
                folder,
                "test",
                false,
                Duration.ofSeconds(2),
                Duration.ofMillis(10),
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                silence,
                1L << 26,
                1L << 24,
                null,
                null,
                Duration.ofDays(1));
    }

    static String site(String name, String text) {
        return new SiteEntry("default", name, "i1", 1, text).toJson();
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
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
        clients.forEach(client -> await(client.close()));
        await(vertx.close());
    }
}
