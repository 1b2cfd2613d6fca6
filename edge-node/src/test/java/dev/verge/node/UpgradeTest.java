package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that leave HTTP (RFC 9110 §7.8), over raw sockets on both sides. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpgradeTest {
    private static final String WEBSOCKET = String.join(
            "\r\n",
            "Host: ws.example",
            "Connection: keep-alive, Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");

    private final SwitchingOrigin origin = new SwitchingOrigin();
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(
                data, "limits: {tunnels: 20}\npublicPorts: {http: 80, https: 443}\nfunctions: {spareHosts: 1}");
        Installation.until(
                "a function host",
                () -> installation
                        .send(java.net.http.HttpRequest.newBuilder(installation.admin("/readyz"))
                                .build())
                        .body()
                        .contains("\"functions\":\"warm(1)\""));
        installation.publishFunction("guard", "export default {fetch: () => new Response('guarded')}");
        installation.publish("""
                site: shop
                hosts: [ws.example]
                defaultPool: app
                pools:
                  app: {origins: [{url: "http://127.0.0.1:%1$d"}]}
                  quick: {origins: [{url: "http://127.0.0.1:%1$d"}], timeouts: {idleStream: 300ms}}
                  one: {origins: [{url: "http://127.0.0.1:%1$d"}], limits: {maxRequests: 1}}
                functions: {guard: {function: guard}}
                rules:
                  - {name: guarded, when: {path: /guarded}, do: [{run: guard}]}
                  - {name: denied, when: {path: /denied}, do: [{deny: {status: 403}}]}
                  - {name: quick, when: {path: /hold, query: {pool: quick}}, do: [{pool: quick}]}
                  - {name: one, when: {path: /hold, query: {pool: one}}, do: [{pool: one}]}
                  - {name: fields, when: {path: /rewrite}, do: [{setRequestHeader: {X-Rule: "yes"}}, {rewrite: {path: /rewritten}}]}
                  - {name: answer, when: {path: /rewrite}, do: [{setResponseHeader: {X-Answer: "yes"}}]}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    private Line connect() throws IOException {
        return new Line(
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort()));
    }

    private Line upgraded(String target) throws IOException {
        Line line = connect();
        line.send("GET " + target + " HTTP/1.1\r\n" + WEBSOCKET + "\r\n");
        assertThat(line.head()).startsWith("http/1.1 101 ");
        return line;
    }

    private double metric(String line) {
        String text = installation
                .send(java.net.http.HttpRequest.newBuilder(installation.admin("/metrics"))
                        .build())
                .body();
        return text.lines()
                .filter(each -> each.startsWith(line + " "))
                .mapToDouble(each -> Double.parseDouble(each.substring(line.length() + 1)))
                .sum();
    }

    @Test
    void bytesPassBothWaysOnceTheOriginHasSwitched() throws IOException {
        double before = metric("verge_tunnels_ended_total{end=\"complete\"}");
        try (Line line = connect()) {
            // What is sent early waits for the origin's answer, and is not read as a request.
            line.send("GET /echo HTTP/1.1\r\n" + WEBSOCKET + "\r\nGET /smuggled HTTP/1.1\r\nHost: ws.example\r\n\r\n");
            String head = line.head();
            assertThat(head)
                    .startsWith("http/1.1 101 ")
                    .contains(
                            "\nconnection: upgrade\n",
                            "\nupgrade: websocket\n",
                            "sec-websocket-accept:",
                            "\nvia: 1.1 verge")
                    .doesNotContain("x-hop", "content-length", "transfer-encoding", "cache-status");
            assertThat(line.line()).isEqualTo("hello from the origin");
            assertThat(line.line()).isEqualTo("GET /smuggled HTTP/1.1");
            line.line();
            line.line();
            line.send("more\n");
            assertThat(line.line()).isEqualTo("more");
            line.socket.shutdownOutput();
            assertThat(line.in.read()).isEqualTo(-1);
        }
        assertThat(origin.last())
                .contains(
                        "\nconnection: upgrade\n",
                        "\nupgrade: websocket\n",
                        "\nvia: 1.1 verge\n",
                        "\nx-forwarded-for: ")
                .contains("\nsec-websocket-key: dghlihnhbxbszsbub25jzq==\n")
                .doesNotContain("keep-alive");
        Installation.until("the tunnel's record", () -> metric("verge_tunnels_ended_total{end=\"complete\"}") > before);
    }

    @Test
    void anyProtocolPassesButThoseBetweenClientAndNode() throws IOException {
        try (Line line = connect()) {
            line.send(String.join(
                    "\r\n",
                    "POST /echo HTTP/1.1",
                    "Host: ws.example",
                    "Connection: upgrade",
                    "Upgrade: h2c, foo/2",
                    "Content-Length: 0",
                    "",
                    ""));
            assertThat(line.head()).contains("\nupgrade: foo/2\n");
        }
        assertThat(origin.last()).startsWith("post /echo ").contains("\nupgrade: foo/2\n");
        for (String ignored : List.of(
                "Connection: Upgrade\r\nUpgrade: h2c\r\n",
                "Connection: Upgrade\r\nUpgrade: TLS/1.2\r\n",
                "Connection: Upgrade\r\nUpgrade: HTTP/2.0\r\n",
                "Connection: Upgrade\r\nUpgrade: a b\r\n",
                "Connection: Upgrade\r\nUpgrade: \r\n",
                "Connection: keep-alive\r\nUpgrade: websocket\r\n",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 3\r\n",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked\r\n")) {
            try (Line line = connect()) {
                String content = ignored.contains("Length") ? "abc" : ignored.contains("chunked") ? "0\r\n\r\n" : "";
                // It stays HTTP: the next request on the connection is one.
                line.send("GET /plain HTTP/1.1\r\nHost: ws.example\r\n" + ignored + "\r\n" + content
                        + "GET /plain?2 HTTP/1.1\r\nHost: ws.example\r\n\r\n");
                assertThat(line.head()).as(ignored).startsWith("http/1.1 200 ");
                assertThat(line.bytes(8)).isEqualTo("ordinary");
                assertThat(line.head()).as(ignored).startsWith("http/1.1 200 ");
            }
            assertThat(origin.last()).doesNotContain("upgrade");
        }
        try (Line old = connect()) {
            old.send("GET /plain HTTP/1.0\r\n" + WEBSOCKET + "\r\n");
            assertThat(old.head()).startsWith("http/1.0 200 ");
        }
    }

    @Test
    void anotherAnswerPassesAndNothingBehindTheRequestIsReadAsHttp() throws IOException {
        int before = origin.heads.size();
        for (String path : List.of("/no", "/ordinary")) {
            try (Line line = connect()) {
                line.send("GET " + path + " HTTP/1.1\r\n" + WEBSOCKET
                        + "\r\nGET /smuggled HTTP/1.1\r\nHost: ws.example\r\n\r\n");
                assertThat(line.head())
                        .startsWith(path.equals("/no") ? "http/1.1 403 " : "http/1.1 200 ")
                        .contains("\nconnection: close\n")
                        .doesNotContain("cache-status");
                assertThat(line.rest()).isEqualTo(path.equals("/no") ? "no" : "ordinary");
            }
        }
        assertThat(origin.heads.subList(before, origin.heads.size()))
                .noneMatch(head -> head.contains("/smuggled"))
                .hasSize(2);
        // Nothing of it was stored.
        assertThat(RawClient.get(installation.node().httpPort(), "ws.example", "/no")
                        .hit())
                .isFalse();
    }

    @Test
    void anOriginThatSwitchesOtherwiseThanAskedIsRefused() throws IOException {
        for (String path : List.of("/other", "/silent", "/coded")) {
            try (Line line = connect()) {
                line.send("GET " + path + " HTTP/1.1\r\n" + WEBSOCKET + "\r\nearly");
                assertThat(line.head())
                        .as(path)
                        .startsWith("http/1.1 502 ")
                        .contains("\nconnection: close\n", "proxy-status: verge; error=http_");
                line.rest();
            }
        }
        RawClient.Answer unasked = RawClient.get(installation.node().httpPort(), "ws.example", "/unasked");
        assertThat(unasked.status()).isEqualTo(502);
        assertThat(unasked.body()).doesNotContain("raw");
    }

    @Test
    void rulesDecideAsForEveryRequest() throws IOException {
        int before = origin.heads.size();
        try (Line denied = connect();
                Line guarded = connect()) {
            denied.send("GET /denied HTTP/1.1\r\n" + WEBSOCKET + "\r\n");
            assertThat(denied.head()).startsWith("http/1.1 403 ");
            // A function that guards a path is not gone around: it answers, and HTTP is not left.
            guarded.send("GET /guarded HTTP/1.1\r\n" + WEBSOCKET + "\r\n");
            assertThat(guarded.head()).startsWith("http/1.1 200 ");
            assertThat(guarded.rest()).contains("guarded");
        }
        assertThat(origin.heads).hasSize(before);
        try (Line line = upgradedWith("/rewrite", "x-answer: yes")) {
            assertThat(line.line()).isEqualTo("hello from the origin");
        }
        assertThat(origin.last()).startsWith("get /rewritten ").contains("\nx-rule: yes\n");
    }

    private Line upgradedWith(String target, String field) throws IOException {
        Line line = connect();
        line.send("GET " + target + " HTTP/1.1\r\n" + WEBSOCKET + "\r\n");
        assertThat(line.head()).startsWith("http/1.1 101 ").contains(field);
        return line;
    }

    @Test
    void aTunnelIsOneOfThePoolsRequestsAndOneOfTheNodesTunnels() throws IOException {
        Line first = upgraded("/hold?pool=one");
        try (Line second = connect()) {
            second.send("GET /hold?pool=one HTTP/1.1\r\n" + WEBSOCKET + "\r\n");
            assertThat(second.head()).startsWith("http/1.1 503 ");
        }
        first.reset();
        Installation.until("the pool's room", () -> {
            try (Line again = connect()) {
                again.send("GET /hold?pool=one HTTP/1.1\r\n" + WEBSOCKET + "\r\n");
                boolean through = again.head().startsWith("http/1.1 101 ");
                again.socket.setSoLinger(true, 0);
                return through;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        Installation.until("no tunnels", () -> metric("verge_tunnels") == 0);
        List<Line> all = new java.util.ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(upgraded("/hold"));
        }
        try (Line over = connect()) {
            over.send("GET /hold HTTP/1.1\r\n" + WEBSOCKET + "\r\n");
            assertThat(over.head()).startsWith("http/1.1 503 ").contains("retry-after");
        }
        for (Line line : all) {
            line.reset();
        }
        Installation.until("no tunnels", () -> metric("verge_tunnels") == 0);
    }

    @Test
    void onlySilenceInBothDirectionsEndsATunnelInTime() throws IOException {
        double before = metric("verge_tunnels_ended_total{end=\"idle\"}");
        try (Line line = upgraded("/hold?pool=quick")) {
            Socket far = origin.held.getLast();
            long begun = System.nanoTime();
            // One direction alone keeps it: well beyond the limit.
            while (System.nanoTime() - begun < 700_000_000L) {
                far.getOutputStream().write('.');
                assertThat(line.in.read()).isEqualTo('.');
                java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
            }
            assertThat(line.in.read()).isEqualTo(-1);
            assertThat(far.getInputStream().read()).isEqualTo(-1);
        }
        Installation.until("the tunnel's record", () -> metric("verge_tunnels_ended_total{end=\"idle\"}") > before);
    }

    @Test
    void eachDirectionEndsByItself() throws IOException {
        try (Line line = upgraded("/hold")) {
            Socket far = origin.held.getLast();
            far.shutdownOutput();
            assertThat(line.in.read()).isEqualTo(-1);
            line.send("still here");
            line.socket.shutdownOutput();
            assertThat(new String(far.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo("still here");
        }
        try (Line line = upgraded("/hold")) {
            Socket far = origin.held.getLast();
            line.socket.shutdownOutput();
            assertThat(far.getInputStream().read()).isEqualTo(-1);
            RawOrigin.write(far.getOutputStream(), "and back");
            far.shutdownOutput();
            assertThat(line.rest()).isEqualTo("and back");
        }
    }

    @Test
    void whoeverBreaksTheTunnelBreaksItForBoth() throws IOException {
        try (Line line = upgraded("/hold")) {
            Socket far = origin.held.getLast();
            line.socket.setSoLinger(true, 0);
            line.socket.close();
            assertThat(ends(far.getInputStream())).isTrue();
        }
        try (Line line = upgraded("/hold")) {
            Socket far = origin.held.getLast();
            far.setSoLinger(true, 0);
            far.close();
            assertThat(ends(line.in)).isTrue();
        }
    }

    private static boolean ends(InputStream in) {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException silent) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoDoesNotReadStopsTheOtherSideAndLosesNothing(boolean endsFirst) throws Exception {
        double before = metric("verge_tunnels_ended_total{end=\"complete\"}");
        try (Line line = upgraded("/hold")) {
            Socket far = origin.held.getLast();
            AtomicLong written = new AtomicLong();
            Thread writer = Thread.ofVirtual().start(() -> {
                byte[] piece = new byte[64 * 1024];
                try {
                    for (long i = 0; i < 64L << 20; i += piece.length) {
                        far.getOutputStream().write(piece);
                        written.addAndGet(piece.length);
                    }
                    far.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            AtomicLong last = new AtomicLong(-1);
            AtomicLong same = new AtomicLong();
            Installation.until("the origin to wait", () -> {
                long now = written.get();
                same.set(now == last.getAndSet(now) ? same.get() + 1 : 0);
                return same.get() > 50;
            });
            // What sockets hold, on both sides, and no more than two marks in the node.
            assertThat(written.get()).isLessThan(32L << 20);
            if (endsFirst) {
                line.socket.shutdownOutput();
            }
            assertThat(line.in.readAllBytes().length).isEqualTo(64 << 20);
            writer.join();
        }
        Installation.until("the tunnel's record", () -> metric("verge_tunnels_ended_total{end=\"complete\"}") > before);
    }

    @Test
    void tunnelsRunOverTls() throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (Line line = new Line(trusting.getSocketFactory()
                .createSocket("127.0.0.1", installation.node().httpsPort()))) {
            line.send("GET /echo HTTP/1.1\r\n" + WEBSOCKET + "\r\nearly\n");
            assertThat(line.head()).startsWith("http/1.1 101 ");
            assertThat(line.line()).isEqualTo("hello from the origin");
            assertThat(line.line()).isEqualTo("early");
            line.send("x".repeat(200_000) + "\n");
            assertThat(line.line()).hasSize(200_000);
        }
    }
}
