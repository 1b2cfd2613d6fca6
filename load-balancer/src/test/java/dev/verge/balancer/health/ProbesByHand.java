package dev.verge.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.options.HealthCheck;
import dev.verge.balancer.options.HealthCheckType;
import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.OriginRole;
import dev.verge.balancer.options.SamplePools;
import dev.verge.balancer.options.StatusSet;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.JksOptions;
import io.vertx.core.net.SocketAddress;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Probers, origins and results for tests over real sockets. */
abstract class ProbesByHand {
    static final Duration INTERVAL = Duration.ofMillis(100);
    static final Duration TIMEOUT = Duration.ofSeconds(1);
    static final AddressGuard LOOPBACK =
            (_, host, port) -> Future.succeededFuture(SocketAddress.inetSocketAddress(port, host));

    final Vertx vertx = Vertx.vertx();
    final List<AutoCloseable> opened = new ArrayList<>();
    final BlockingQueue<Boolean> results = new LinkedBlockingQueue<>();
    final BlockingQueue<MultiMap> seenHeaders = new LinkedBlockingQueue<>();

    volatile @Nullable String lastFailure;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened.reversed()) {
            closeable.close();
        }
        await(vertx.close());
    }

    HealthProber probe(int port) {
        return probe(origin(port), check("200-399", null, Map.of()), LOOPBACK, TIMEOUT);
    }

    HealthProber probe(Origin origin, HealthCheck check, AddressGuard guard, Duration timeout) {
        return probe(origin, check, guard, timeout, results::add);
    }

    HealthProber probe(Origin origin, HealthCheck check, AddressGuard guard, Duration timeout, Consumer<Boolean> into) {
        HealthCheck timed = new HealthCheck(
                check.path(),
                check.method(),
                check.interval(),
                timeout,
                check.consecutiveUp(),
                check.consecutiveDown(),
                check.expectedCodes(),
                check.expectedBody(),
                check.headers(),
                check.type());
        HealthProber prober = new HealthProber(
                vertx,
                "default/shop",
                timed,
                new SamplePools().origin(origin).healthCheck(timed).build(),
                guard,
                ClientKeys.NONE,
                ThreadLocalRandom::current,
                (_, failure) -> {
                    lastFailure = failure;
                    into.accept(failure == null);
                    return true;
                });
        opened.add(prober);
        prober.start();
        return prober;
    }

    static HealthCheck check(String codes, @Nullable String body, Map<String, String> headers) {
        return new HealthCheck(
                "/healthz",
                "GET",
                INTERVAL,
                TIMEOUT,
                2,
                3,
                StatusSet.parse(codes),
                body,
                headers,
                HealthCheckType.HTTP);
    }

    static Origin origin(int port) {
        return SamplePools.origin("http://127.0.0.1:" + port, 1, OriginRole.PRIMARY);
    }

    int serve(Handler<HttpServerRequest> handler) throws Exception {
        return serve(0, handler);
    }

    int serve(int port, Handler<HttpServerRequest> handler) throws Exception {
        return await(vertx.createHttpServer().requestHandler(handler).listen(port, "127.0.0.1"))
                .actualPort();
    }

    void recordHeaders(HttpServerRequest request) {
        seenHeaders.add(MultiMap.caseInsensitiveMultiMap().addAll(request.headers()));
        request.response().end(Buffer.buffer("ok"));
    }

    MultiMap takeHeaders() throws InterruptedException {
        MultiMap headers = seenHeaders.poll(10, TimeUnit.SECONDS);
        assertThat(headers).isNotNull();
        return headers;
    }

    boolean next() throws InterruptedException {
        Boolean result = results.poll(10, TimeUnit.SECONDS);
        assertThat(result).as("a probe's result; last failure %s", lastFailure).isNotNull();
        return result;
    }

    /** Waits for a result that may come after some others. */
    boolean next(boolean wanted) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            if (next() == wanted) {
                return wanted;
            }
        }
        return !wanted;
    }

    <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static void readToEnd(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getInputStream().readAllBytes();
    }

    static void answerAll(ServerSocket server, String answer) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                assertThat(e).isNotNull();
            }
        }
    }

    static JksOptions selfSigned(Path folder, String name) throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "keytool",
                        "-genkeypair",
                        "-alias",
                        "origin",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        return new JksOptions().setPath(store.toString()).setPassword("changeit");
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
