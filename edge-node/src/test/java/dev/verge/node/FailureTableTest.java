package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.RawClient.Answer;
import dev.verge.node.tls.OwnCertificate;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** From what an origin does to status, {@code Proxy-Status} (RFC 9209) and the word in metrics, over sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailureTableTest {
    private static final String ONCE = "retries: {attempts: 1}";

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicBoolean failing = new AtomicBoolean();
    private final StringBuilder pools = new StringBuilder();
    private final StringBuilder rules = new StringBuilder();
    private final List<Row> rows = new ArrayList<>();
    private Installation installation;

    private record Row(String name, int status, String proxyError, String word) {}

    private void row(String name, String url, String more, int status, String proxyError, String word) {
        pools.append("  %s: {origins: [{url: \"%s\"}], %s}\n".formatted(name, url, more));
        rules.append("  - {name: %s, when: {path: \"/%s\"}, do: [{pool: %s}]}\n".formatted(name, name, name));
        rows.add(new Row(name, status, proxyError, word));
    }

    private static String http(int port) {
        return "http://127.0.0.1:" + port;
    }

    private RawOrigin origin(RawOrigin.Script script) {
        RawOrigin origin = new RawOrigin(script);
        opened.add(origin);
        return origin;
    }

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        installation = new Installation(data, "");
        RawOrigin silent = origin((socket, out) -> await());
        RawOrigin reset = origin((socket, out) -> socket.setSoLinger(true, 0));
        RawOrigin garbage = origin((socket, out) -> RawOrigin.write(out, "nonsense\r\n\r\n"));
        RawOrigin busy = origin((socket, out) -> await());
        OwnCertificate own = OwnCertificate.in(data.resolve("origin"), Instant.now());
        PemKeyCertOptions keys = new PemKeyCertOptions()
                .setCertPath(own.chain().toString())
                .setKeyPath(own.key().toString());
        HttpServer tls = Installation.await(installation
                .vertx
                .createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(keys))
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1"));
        int closed = closedPort();

        row("refused", http(closed), ONCE, 503, "connection_refused", "origin-refused");
        row("reset", http(reset.port()), ONCE, 502, "connection_terminated", "origin-reset");
        row("garbage", http(garbage.port()), ONCE, 502, "http_protocol_error", "origin-bad-answer");
        row(
                "silent",
                http(silent.port()),
                ONCE + ", timeouts: {firstByte: 100ms}",
                504,
                "http_response_timeout",
                "origin-first-byte-timeout");
        row(
                "total",
                http(silent.port()),
                ONCE + ", timeouts: {connect: 100ms, total: 100ms}",
                504,
                "http_response_timeout",
                "origin-total-timeout");
        row(
                "per-try",
                http(silent.port()),
                "retries: {attempts: 1, perTryTimeout: 100ms}",
                504,
                "http_response_timeout",
                "origin-total-timeout");
        row(
                "no-accept",
                http(fullPort()),
                ONCE + ", timeouts: {connect: 200ms}",
                504,
                "connection_timeout",
                "origin-connect-timeout");
        row(
                "tls-silent",
                "https://127.0.0.1:" + deafPort(),
                ONCE + ", timeouts: {connect: 200ms}",
                504,
                "connection_timeout",
                "origin-connect-timeout");
        row("tls-none", "https://127.0.0.1:" + talkingPort(), ONCE, 502, "tls_protocol_error", "origin-tls");
        row(
                "certificate",
                "https://127.0.0.1:" + tls.actualPort(),
                // The first handshake of a process loads the platform's authorities.
                ONCE + ", timeouts: {connect: 30s}",
                502,
                "tls_certificate_error",
                "origin-certificate");
        row("address", http(installation.node().adminPort()), ONCE, 502, "destination_ip_prohibited", "origin-address");
        row(
                "down",
                http(closed),
                "healthCheck: {interval: 100ms, consecutiveDown: 1}",
                503,
                "destination_unavailable",
                "no-healthy-origin");
        row(
                "queue",
                http(busy.port()),
                ONCE + ", limits: {maxConnections: 1}, timeouts: {queue: 100ms}",
                503,
                "connection_limit_reached",
                "overloaded-connections");
        row(
                "requests",
                http(busy.port()),
                ONCE + ", limits: {maxRequests: 1}",
                503,
                "connection_limit_reached",
                "overloaded-pool");
        row(
                "pending",
                http(busy.port()),
                ONCE + ", limits: {maxConnections: 1, maxPending: 1}, timeouts: {queue: 20s}",
                503,
                "connection_limit_reached",
                "overloaded-pool");
        RawOrigin flaky = RawOrigin.answering(
                head -> failing.get()
                        ? "HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n"
                        : "HTTP/1.1 200 OK\r\nCache-Control: max-age=0, stale-if-error=60\r\nETag: \"1\"\r\nContent-Length: 4\r\n\r\ngood");
        opened.add(flaky);
        pools.append("  flaky: {origins: [{url: \"%s\"}], %s}\n".formatted(http(flaky.port()), ONCE));
        rules.append("  - {name: flaky, when: {path: \"/flaky\"}, do: [{pool: flaky}]}\n");
        installation.publish("""
                site: shop
                hosts: [shop.example]
                defaultPool: refused
                errorPages: {"503": {html: "<h1>We are painting</h1>"}}
                pools:
                %srules:
                %s""".formatted(pools, rules));
    }

    @AfterAll
    void stop() throws Exception {
        over.countDown();
        installation.close();
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void eachFailureHasItsStatusItsReasonAndItsWord() throws Exception {
        hold("/queue");
        hold("/requests");
        hold("/pending");
        Installation.until(
                "the first has its connection",
                () -> metric("verge_pool_connections", "\"pending\"") == 1
                        && metric("verge_pool_pending", "pool=\"pending\"") == 0);
        hold("/pending?second");
        Installation.until(
                "the pool whose checks fail is down",
                () -> metric("verge_origin_usable", "pool=\"down\"") == 0
                        && get("/down").status() == 503);
        Installation.until(
                "two wait for a place in the queue", () -> metric("verge_pool_requests", "\"pending\"") == 2);
        Installation.until("the only place is taken", () -> metric("verge_pool_connections", "\"queue\"") == 1);
        for (Row row : rows) {
            double before = metric("verge_errors_total", "error=\"" + row.word + "\"");

            Answer answer = get("/" + row.name + "?asked");

            assertThat(answer.status()).as(row.name).isEqualTo(row.status);
            assertThat(answer.field("proxy-status")).as(row.name).isEqualTo("verge; error=" + row.proxyError);
            assertThat(answer.field("retry-after").isEmpty()).as(row.name).isEqualTo(row.status != 503);
            assertThat(answer.body())
                    .as(row.name)
                    .contains("\"code\":\"" + row.word + "\"")
                    .doesNotContain("127.0.0.1");
            assertThat(metric("verge_errors_total", "error=\"" + row.word + "\""))
                    .as(row.name)
                    .isEqualTo(before + 1);
        }
        assertThat(metric("verge_pool_limited_total", "\"max-connections\"")).isEqualTo(1);
        assertThat(metric("verge_pool_limited_total", "\"max-requests\"")).isEqualTo(1);
        assertThat(metric("verge_pool_limited_total", "\"max-pending\"")).isEqualTo(1);
    }

    @Test
    void theSitesOwnPageStandsInItsPlaceForPeople() {
        Answer answer = RawClient.get(installation.node().httpPort(), "shop.example", "/refused", "Accept: text/html");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("<h1>We are painting</h1>");
        assertThat(answer.field("proxy-status")).isEqualTo("verge; error=connection_refused");
    }

    @Test
    void whatIsStoredComesFirstWhereItMay() {
        assertThat(get("/flaky").body()).isEqualTo("good");
        failing.set(true);

        Answer stale = get("/flaky");

        assertThat(stale.status()).isEqualTo(200);
        assertThat(stale.body()).isEqualTo("good");
        assertThat(stale.field("cache-status")).contains("stale-if-error");
    }

    private Answer get(String path) {
        return RawClient.get(installation.node().httpPort(), "shop.example", path);
    }

    /** A request that stays unanswered; returns once its origin, or the queue, has it. */
    private void hold(String path) throws IOException {
        Socket client =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort());
        opened.add(client);
        RawOrigin.write(client.getOutputStream(), "GET " + path + " HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        String pool = "pool=\"" + path.substring(1).replaceAll("[?].*", "") + "\"";
        Installation.until("held " + path, () -> metric("verge_pool_requests", pool) >= 1);
    }

    private double metric(String name, String label) {
        return installation
                .send(java.net.http.HttpRequest.newBuilder(installation.admin("/metrics"))
                        .build())
                .body()
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private void await() {
        try {
            over.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return taken.getLocalPort();
        }
    }

    /** A port whose queue of connections is full: the kernel answers nothing more. */
    private int fullPort() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        opened.add(server);
        for (int i = 0; i < 4; i++) {
            Socket filler = new Socket();
            opened.add(filler);
            try {
                filler.connect(server.getLocalSocketAddress(), 100);
            } catch (java.net.SocketTimeoutException full) {
                break;
            }
        }
        return server.getLocalPort();
    }

    /** A port where something is said before anybody asks, and it is no TLS. */
    private int talkingPort() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        opened.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    RawOrigin.write(socket.getOutputStream(), "220 ready\r\n");
                    socket.getInputStream().readNBytes(1);
                } catch (IOException gone) {
                    assertThat(gone).isNotNull();
                }
            }
        });
        return server.getLocalPort();
    }

    /** A port that takes connections and never says a word. */
    private int deafPort() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        opened.add(server);
        return server.getLocalPort();
    }
}
