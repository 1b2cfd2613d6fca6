package dev.verge.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.options.HealthCheck;
import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.OriginRole;
import dev.verge.balancer.options.OriginTls;
import dev.verge.balancer.options.SamplePools;
import dev.verge.balancer.options.StatusSet;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes against real sockets: good, bad, refusing, silent, dripping, endless and encrypted ones. */
class HealthProberTest {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final AddressGuard LOOPBACK =
            (_, host, port) -> Future.succeededFuture(SocketAddress.inetSocketAddress(port, host));

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final BlockingQueue<Boolean> results = new LinkedBlockingQueue<>();
    private final BlockingQueue<MultiMap> seenHeaders = new LinkedBlockingQueue<>();

    private volatile @Nullable String lastFailure;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened.reversed()) {
            closeable.close();
        }
        await(vertx.close());
    }

    @Test
    void goodAnswersAreReportedAgainAndAgain() throws Exception {
        probe(serve(request -> request.response().end("fine")));
        for (int i = 0; i < 3; i++) {
            assertThat(next()).isTrue();
        }
    }

    @Test
    void unexpectedStatusIsBadAndARedirectIsNotFollowed() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        int port = serve(request -> {
            asked.incrementAndGet();
            request.response()
                    .setStatusCode("/healthz".equals(request.path()) ? 302 : 200)
                    .putHeader("Location", "/elsewhere")
                    .end();
        });
        probe(origin(port), check("200-299", null, Map.of()), LOOPBACK, TIMEOUT);
        assertThat(next()).isFalse();
        assertThat(next()).isFalse();
        assertThat(asked).hasValueLessThan(4);
    }

    @Test
    void bodyMustContainWhatIsExpectedWithinItsFirstBytes() throws Exception {
        String filler = "x".repeat(100_000);
        int early = serve(request -> request.response().end("all is ready, " + filler));
        int late = serve(request -> request.response().end(filler + "ready"));
        probe(origin(early), check("200", "ready", Map.of()), LOOPBACK, TIMEOUT);
        assertThat(next()).isTrue();
        probe(origin(late), check("200", "ready", Map.of()), LOOPBACK, TIMEOUT, results::add);
        assertThat(next(false)).isFalse();
    }

    @Test
    void refusedConnectionIsBadAndAnOriginThatComesBackIsNoticed() throws Exception {
        int port = freePort();
        probe(port);
        assertThat(next()).isFalse();
        assertThat(next()).isFalse();
        serve(port, request -> request.response().end("back"));
        assertThat(next(true)).isTrue();
    }

    @Test
    void originThatGoesDownIsNoticed() throws Exception {
        HttpServer server = await(vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1"));
        probe(server.actualPort());
        assertThat(next()).isTrue();
        await(server.close());
        assertThat(next(false)).isFalse();
    }

    @Test
    void silentOriginIsBadAfterTheTimeoutAndItsConnectionIsClosed() throws Exception {
        ServerSocket silent = open(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        probe(silent.getLocalPort());
        try (Socket accepted = silent.accept()) {
            assertThat(next()).isFalse();
            readToEnd(accepted);
        }
    }

    @Test
    void drippingBodyIsBadAndItsConnectionIsClosed() throws Exception {
        BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();
        int port = serve(request -> {
            var response = request.response().setChunked(true);
            long drip = vertx.setPeriodic(20, _ -> response.write("drip"));
            response.exceptionHandler(_ -> {});
            request.connection().closeHandler(_ -> {
                vertx.cancelTimer(drip);
                closed.add(true);
            });
        });
        probe(port);
        assertThat(next()).isFalse();
        assertThat(closed.poll(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void brokenAnswerIsBad() throws Exception {
        ServerSocket garbage = open(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread answering = Thread.ofVirtual().start(() -> answerAll(garbage, "SSH-2.0-OpenSSH_9.9\r\n\r\n"));
        probe(garbage.getLocalPort());
        assertThat(next()).isFalse();
        garbage.close();
        answering.join();
    }

    @Test
    void probeSendsItsHeadersAndTheHostThatRequestsWouldSee() throws Exception {
        int port = serve(this::recordHeaders);
        Origin named = new Origin("http://127.0.0.1:" + port, 1, OriginRole.PRIMARY, "shop.example", null);
        probe(named, check("200", null, Map.of("X-Probe", "yes")), LOOPBACK, TIMEOUT);
        MultiMap headers = takeHeaders();
        assertThat(headers.get("Host")).isEqualTo("shop.example");
        assertThat(headers.get("X-Probe")).isEqualTo("yes");
        assertThat(headers.getAll("Host")).hasSize(1);
        HealthProber plain = probe(origin(port), check("200", null, Map.of()), LOOPBACK, TIMEOUT);
        MultiMap next = takeHeaders();
        while (next.contains("X-Probe")) {
            next = takeHeaders();
        }
        assertThat(next.get("Host")).isEqualTo("127.0.0.1:" + port);
        plain.close();
    }

    @Test
    void addressThatMayNotBeReachedIsNeverConnectedTo() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        int port = serve(request -> {
            asked.incrementAndGet();
            request.response().end();
        });
        probe(origin(port), check("200", null, Map.of()), (_, _, _) -> Future.failedFuture("private address"), TIMEOUT);
        assertThat(next()).isFalse();
        assertThat(next()).isFalse();
        assertThat(asked).hasValue(0);
    }

    @Test
    void guardThatThrowsOrNeverAnswersDoesNotEndTheProbing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        int port = serve(request -> request.response().end());
        probe(
                origin(port),
                check("200", null, Map.of()),
                (scope, host, to) -> switch (calls.incrementAndGet()) {
                    case 1 -> throw new IllegalStateException("planted");
                    case 2 -> Future.future(_ -> {});
                    default -> LOOPBACK.resolve(scope, host, to);
                },
                TIMEOUT);
        assertThat(next()).isFalse();
        assertThat(next()).isFalse();
        assertThat(next()).isTrue();
    }

    @Test
    void whileAStateChangesProbesComeFourTimesAsOften() throws Exception {
        int port = serve(request -> request.response().end());
        HealthCheck slow = new HealthCheck(
                "/", "GET", Duration.ofSeconds(4), TIMEOUT, 2, 3, StatusSet.parse("200"), null, Map.of());
        long start = System.nanoTime();
        probe(origin(port), slow, LOOPBACK, TIMEOUT);
        assertThat(next()).isTrue();
        assertThat(next()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(800), Duration.ofSeconds(3));
    }

    @Test
    void probingEndsWithClose() throws Exception {
        int port = serve(request -> request.response().end());
        HealthProber prober = probe(port);
        assertThat(next()).isTrue();
        prober.close();
        results.clear();
        // One result may have been on its way; at this pace eight more would follow.
        results.poll(100, TimeUnit.MILLISECONDS);
        assertThat(results.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void certificateIsVerifiedUnlessToldOtherwiseAndSniIsSent(@TempDir Path folder) throws Exception {
        BlockingQueue<String> names = new LinkedBlockingQueue<>();
        HttpServer server = await(vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setSni(true)
                        .setKeyCertOptions(selfSigned(folder, "legacy.example")))
                .requestHandler(request -> {
                    names.add(String.valueOf(request.connection().indicatedServerName()));
                    request.response().end();
                })
                .listen(0, "127.0.0.1"));
        String url = "https://127.0.0.1:" + server.actualPort();
        Origin trusting = new Origin(url, 1, OriginRole.PRIMARY, null, new OriginTls("legacy.example", false));
        probe(trusting, check("200", null, Map.of()), LOOPBACK, Duration.ofSeconds(5));
        boolean trusted = next();
        assertThat(trusted).as("%s", lastFailure).isTrue();
        assertThat(names.poll(10, TimeUnit.SECONDS)).isEqualTo("legacy.example");
        Origin verifying = new Origin(url, 1, OriginRole.PRIMARY, null, new OriginTls("legacy.example", true));
        BlockingQueue<Boolean> verified = new LinkedBlockingQueue<>();
        probe(verifying, check("200", null, Map.of()), LOOPBACK, Duration.ofSeconds(5), verified::add);
        assertThat(verified.poll(10, TimeUnit.SECONDS)).isFalse();
    }

    private HealthProber probe(int port) {
        return probe(origin(port), check("200-399", null, Map.of()), LOOPBACK, TIMEOUT);
    }

    private HealthProber probe(Origin origin, HealthCheck check, AddressGuard guard, Duration timeout) {
        return probe(origin, check, guard, timeout, results::add);
    }

    private HealthProber probe(
            Origin origin, HealthCheck check, AddressGuard guard, Duration timeout, Consumer<Boolean> into) {
        HealthCheck timed = new HealthCheck(
                check.path(),
                check.method(),
                check.interval(),
                timeout,
                check.consecutiveUp(),
                check.consecutiveDown(),
                check.expectedCodes(),
                check.expectedBody(),
                check.headers());
        HealthProber prober = new HealthProber(
                vertx,
                "default/shop",
                timed,
                new SamplePools().origin(origin).healthCheck(timed).build(),
                guard,
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

    private static HealthCheck check(String codes, @Nullable String body, Map<String, String> headers) {
        return new HealthCheck("/healthz", "GET", INTERVAL, TIMEOUT, 2, 3, StatusSet.parse(codes), body, headers);
    }

    private static Origin origin(int port) {
        return SamplePools.origin("http://127.0.0.1:" + port, 1, OriginRole.PRIMARY);
    }

    private int serve(Handler<HttpServerRequest> handler) throws Exception {
        return serve(0, handler);
    }

    private int serve(int port, Handler<HttpServerRequest> handler) throws Exception {
        return await(vertx.createHttpServer().requestHandler(handler).listen(port, "127.0.0.1"))
                .actualPort();
    }

    private void recordHeaders(HttpServerRequest request) {
        seenHeaders.add(MultiMap.caseInsensitiveMultiMap().addAll(request.headers()));
        request.response().end(Buffer.buffer("ok"));
    }

    private MultiMap takeHeaders() throws InterruptedException {
        MultiMap headers = seenHeaders.poll(10, TimeUnit.SECONDS);
        assertThat(headers).isNotNull();
        return headers;
    }

    private boolean next() throws InterruptedException {
        Boolean result = results.poll(10, TimeUnit.SECONDS);
        assertThat(result).as("a probe's result; last failure %s", lastFailure).isNotNull();
        return result;
    }

    /** Waits for a result that may come after some others. */
    private boolean next(boolean wanted) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            if (next() == wanted) {
                return wanted;
            }
        }
        return !wanted;
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void readToEnd(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getInputStream().readAllBytes();
    }

    private static void answerAll(ServerSocket server, String answer) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                assertThat(e).isNotNull();
            }
        }
    }

    private static JksOptions selfSigned(Path folder, String name) throws Exception {
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

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
