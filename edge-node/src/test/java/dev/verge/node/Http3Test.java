package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.Http3Client.Answer;
import dev.verge.node.Http3Client.Request;
import dev.verge.node.TestAuthority.Issued;
import dev.verge.sync.log.SiteEntry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicStreamType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/3 through a whole node, over real UDP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http3Test {
    private static final String HOST = "shop.example";
    private static final int HEADER_BYTES = 8 << 10;
    private static final byte[] LARGE = new byte[3 << 20];

    private final TestAuthority authority = new TestAuthority("Test Authority");
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final Map<String, Runnable> held = new ConcurrentHashMap<>();
    private final AtomicInteger versions = new AtomicInteger();
    private Installation installation;
    private HttpServer origin;
    private int port;

    @BeforeAll
    void start(@TempDir Path data) {
        new Random(7).nextBytes(LARGE);
        installation = new Installation(data, """
                https: {listen: "127.0.0.1:0", http3: true}
                publicPorts: {http: 80, https: 443}
                limits: {headerBytes: 8KiB, streamsPerConnection: 20, bodyBytes: 8MiB, headerTimeout: 2s}
                """);
        origin = Installation.await(installation
                .vertx
                .createHttpServer()
                .requestHandler(this::origin)
                .listen(0, "127.0.0.1"));
        certificate("shop", authority.issue(HOST));
        certificate("known", authority.issue("known.example"));
        site("shop", HOST, "{certificate: shop}");
        site(
                "known",
                "known.example",
                "{certificate: known, clientCertificates: {mode: required, ca: \"%s\"}}"
                        .formatted(authority.certificate.replace("\n", "\\n")));
        port = installation.node().httpsPort();
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    private void certificate(String name, Issued issued) {
        installation.applied(installation.log.commit(issued.entry("default", name)));
    }

    private void site(String name, String host, String tls) {
        installation.applied(
                installation.log.commit(new SiteEntry("default", name, "i1", versions.incrementAndGet(), """
                        site: %s
                        hosts: ["%s"]
                        tls: %s
                        pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                        """.formatted(
                                name, host, tls, origin.actualPort()))));
    }

    private void origin(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        switch (String.valueOf(request.path())) {
            case "/stored" ->
                response.putHeader("cache-control", "max-age=100")
                        .putHeader("etag", "\"one\"")
                        .putHeader("Content-Type", "text/plain")
                        .end("0123456789");
            case "/large" -> response.end(Buffer.buffer(LARGE));
            case "/echo" -> request.body().onSuccess(body -> response.end(body));
            case "/take" -> {
                request.exceptionHandler(cut -> received.add("cut"));
                request.body().onSuccess(body -> {
                    received.add("whole " + body.length());
                    response.setStatusCode(201).end();
                });
            }
            case "/trailers" -> {
                response.setChunked(true).putHeader("trailer", "X-Sum");
                response.write("body");
                response.putTrailer("X-Sum", "42");
                response.end();
            }
            case "/broken" -> {
                response.putHeader("content-length", "100");
                response.write("half").onComplete(sent -> request.connection().close());
            }
            case "/held" -> held.put(request.getParam("id"), () -> response.end("at last"));
            case "/hints" ->
                response.writeEarlyHints(
                                io.vertx.core.MultiMap.caseInsensitiveMultiMap().add("link", "</a.css>; rel=preload"))
                        .onComplete(sent -> response.end("hinted"));
            default ->
                response.end(request.method() + " " + request.uri() + " via " + request.getHeader("via") + " cookie "
                        + request.getHeader("cookie") + " te " + request.getHeader("te"));
        }
    }

    private Http3Client client() {
        return new Http3Client(port, HOST);
    }

    private double metric(String name) {
        return installation
                .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    private double resets(Http3ErrorCode code) {
        return metric("verge_http3_reset_total{code=\"" + code + "\"}");
    }

    @Test
    void answersWithTheSitesCertificateAndSaysWhereItCanBeFound() {
        try (Http3Client client = client();
                AccessLines records = new AccessLines()) {
            Answer answer = client.get(HOST, "/any?x=1", "cookie", "a=1", "cookie", "b=2", "te", "trailers");
            assertThat(client.shown()).isEqualTo("CN=" + HOST);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.whole()).isTrue();
            assertThat(answer.text()).startsWith("GET /any?x=1 via ").contains("cookie a=1; b=2 ");
            assertThat(answer.fields().first("alt-svc")).isEqualTo("h3=\":443\"; ma=86400");
            assertThat(answer.fields().contains("connection")).isFalse();
            assertThat(records.until("/any?x=1").getLast()).contains("HTTP/3");
        }
        TlsClient tcp = new TlsClient(port);
        assertThat(tcp.get(HOST, HOST, "/tcp").head().toLowerCase(java.util.Locale.ROOT))
                .contains("alt-svc: h3=\":443\"; ma=86400");
        assertThat(installation.get("/clear", "x", "y").headers().firstValue("alt-svc"))
                .isEmpty();
    }

    @Test
    void newCertificateIsShownByTheNextConnectionAndOldOnesGoOn() {
        certificate("moving", authority.issue("old.example", "moving.example"));
        site("moving", "moving.example", "{certificate: moving}");
        try (Http3Client before = new Http3Client(port, "moving.example")) {
            assertThat(before.shown()).isEqualTo("CN=old.example");
            certificate("moving", authority.issue("new.example", "moving.example"));
            try (Http3Client after = new Http3Client(port, "moving.example")) {
                assertThat(after.shown()).isEqualTo("CN=new.example");
                assertThat(after.get("moving.example", "/").status()).isEqualTo(200);
            }
            assertThat(before.get("moving.example", "/").status()).isEqualTo(200);
        }
    }

    @Test
    void hostOnOtherTermsIsMisdirectedAndUnknownOnesGetTheOwnCertificate() {
        try (Http3Client client = client();
                Http3Client known = new Http3Client(port, "known.example");
                Http3Client unknown = new Http3Client(port, "unknown.example")) {
            assertThat(client.get("known.example", "/").status()).isEqualTo(421);
            assertThat(client.get("elsewhere.example", "/").status()).isEqualTo(421);
            // Clients are not asked for certificates here, so a site that wants them is not served here.
            assertThat(known.shown()).isEqualTo("CN=known.example");
            assertThat(known.get("known.example", "/").status()).isEqualTo(421);
            Wire.Reply tcp = new TlsClient(port, authority.issue("me")).get("known.example", "known.example", "/");
            assertThat(tcp.head()).doesNotContain("alt-svc").contains("cache-status");
            assertThat(unknown.shown()).contains("verge node");
        }
    }

    @Test
    void headsConditionsAndRangesAreWhatTheyAreElsewhere() {
        try (Http3Client client = client()) {
            assertThat(client.get(HOST, "/stored").text()).isEqualTo("0123456789");
            Answer hit = client.get(HOST, "/stored");
            assertThat(hit.fields().first("cache-status")).startsWith("verge; hit");
            assertThat(hit.fields().first("content-length")).isEqualTo("10");
            Answer head = client.send(Http3Client.head("HEAD", HOST, "/stored")).answer();
            assertThat(head.whole()).isTrue();
            assertThat(head.text()).isEmpty();
            assertThat(head.fields().first("content-length")).isEqualTo("10");
            Answer same = client.get(HOST, "/stored", "if-none-match", "\"one\"");
            assertThat(same.status()).isEqualTo(304);
            assertThat(same.whole()).isTrue();
            Answer part = client.get(HOST, "/stored", "range", "bytes=2-4");
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.text()).isEqualTo("234");
        }
    }

    @Test
    void largeContentPassesBothWaysUnchanged() {
        try (Http3Client client = client()) {
            assertThat(client.get(HOST, "/large").content().equals(Buffer.buffer(LARGE)))
                    .isTrue();
            Request echo = client.begin(Http3Client.head("POST", HOST, "/echo"));
            for (int at = 0; at < LARGE.length; at += 64 << 10) {
                var _ = echo.write(Arrays.copyOfRange(LARGE, at, Math.min(LARGE.length, at + (64 << 10))));
            }
            Answer answer = echo.end().answer();
            assertThat(answer.whole()).isTrue();
            assertThat(answer.content().equals(Buffer.buffer(LARGE))).isTrue();
        }
    }

    @Test
    void trailersEarlyHintsAndExpectationsPass() {
        try (Http3Client client = client()) {
            Answer trailed = client.get(HOST, "/trailers");
            assertThat(trailed.text()).isEqualTo("body");
            assertThat(trailed.trailers().first("x-sum")).isEqualTo("42");
            Answer hinted = client.get(HOST, "/hints");
            assertThat(hinted.interim()).containsExactly(103);
            assertThat(hinted.text()).isEqualTo("hinted");
            Request waiting = client.begin(Http3Client.head("POST", HOST, "/echo")
                    .add("expect", "100-continue")
                    .add("content-length", "2"));
            Installation.until("100", () -> waiting.interim.contains(100));
            var _ = waiting.write(new byte[] {1, 2});
            assertThat(waiting.end().answer().content()).isEqualTo(Buffer.buffer(new byte[] {1, 2}));
        }
    }

    @Test
    void brokenContentLooksCompleteToNobody() throws Exception {
        try (Http3Client client = client()) {
            Answer broken = client.get(HOST, "/broken");
            assertThat(broken.status()).isEqualTo(200);
            assertThat(broken.whole()).isFalse();
            received.clear();
            Request upload = client.begin(Http3Client.head("POST", HOST, "/take"));
            upload.write(new byte[100_000]).sync();
            upload.reset();
            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo("cut");
            assertThat(client.get(HOST, "/after").status()).isEqualTo(200);
        }
    }

    @Test
    void malformedRequestsAreResetAndTheConnectionGoesOn() {
        List<Consumer<Http3Headers>> faults = List.of(
                head -> head.add("Upper-Case", "x"),
                head -> head.add("connection", "close"),
                head -> head.add("transfer-encoding", "chunked"),
                head -> head.add("upgrade", "websocket"),
                head -> head.add("te", "gzip"),
                head -> head.add("a b", "x"),
                head -> head.add("a", "x\ny"),
                head -> head.add("a", "x\u0000y"),
                head -> head.add("a", " x"),
                head -> head.add("content-length", "1").add("content-length", "2"),
                head -> head.add("content-length", "+1"),
                head -> head.remove(":method"),
                head -> head.remove(":scheme"),
                head -> head.remove(":path"),
                head -> head.remove(":authority"),
                head -> head.add(":status", "200"),
                head -> head.add(":other", "x"),
                head -> head.add(":path", "/two"),
                head -> head.path(""),
                head -> head.path("/a b"),
                head -> head.scheme("http"),
                head -> head.method("GE T"));
        try (Http3Client client = client()) {
            for (Consumer<Http3Headers> fault : faults) {
                Http3Headers head = Http3Client.head("GET", HOST, "/malformed");
                fault.accept(head);
                Answer answer = client.send(head).answer();
                assertThat(answer.whole()).as("%s", head).isFalse();
                assertThat(answer.status()).as("%s", head).isZero();
            }
            Http3Headers late = new DefaultHttp3Headers(false);
            late.add("a", "x");
            late.add(":method", "GET");
            assertThat(client.send(late).answer().whole()).isFalse();
            assertThat(client.get(HOST, "/after").text()).startsWith("GET /after");
        }
        Installation.until("resets", () -> resets(Http3ErrorCode.H3_MESSAGE_ERROR) >= faults.size());
    }

    @Test
    void contentOfAnotherLengthThanStatedIsMalformed() throws Exception {
        try (Http3Client client = client()) {
            received.clear();
            for (String stated : List.of("2", "4")) {
                Request wrong =
                        client.begin(Http3Client.head("POST", HOST, "/take").add("content-length", stated));
                var _ = wrong.write(new byte[3]);
                assertThat(wrong.end().answer().whole()).isFalse();
            }
            Request exact = client.begin(Http3Client.head("POST", HOST, "/take").add("content-length", "3"));
            var _ = exact.write(new byte[3]);
            assertThat(exact.end().answer().status()).isEqualTo(201);
            assertThat(received).contains("whole 3").doesNotContain("whole 2", "whole 4");
        }
    }

    @Test
    void boundsAreAnnouncedAndHeld() {
        try (Http3Client client = client()) {
            assertThat(client.get(HOST, "/").status()).isEqualTo(200);
            assertThat(client.connection.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL))
                    .isBetween(1L, 20L);
            Http3Headers many = Http3Client.head("GET", HOST, "/many");
            for (int i = 0; i < 130; i++) {
                many.add("a", "b");
            }
            assertThat(client.send(many).answer().status()).isEqualTo(431);
            Request upload =
                    client.begin(Http3Client.head("POST", HOST, "/take").add("content-length", "9000000"));
            assertThat(upload.answer().status()).isEqualTo(413);
            // A head that does not come has its time.
            Request slow = client.open();
            slow.raw(Unpooled.buffer().writeByte(1));
            assertThat(slow.answer().whole()).isFalse();
            Http3Headers large = Http3Client.head("GET", HOST, "/large-head").add("a", "x".repeat(2 * HEADER_BYTES));
            assertThat(client.send(large).answer().whole()).isFalse();
        }
    }

    @Test
    void frameThatWouldHaveToBeKeptEndsTheConnection() throws Exception {
        try (Http3Client client = client()) {
            Request request = client.begin(Http3Client.head("POST", HOST, "/take"));
            // A reserved type (RFC 9114 §7.2.8) of a gigabyte.
            ByteBuf frame = Unpooled.buffer().writeByte(0x21).writeInt(0x80000000 | 1 << 29);
            request.raw(frame.writeZero(1000));
            assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo(Http3ErrorCode.H3_EXCESSIVE_LOAD.code());
        }
        try (Http3Client client = client()) {
            // An encoder's stream of QPACK, which may fill no table here.
            client.unidirectional()
                    .writeAndFlush(Unpooled.buffer().writeByte(2).writeZero(4000))
                    .sync();
            assertThat(client.closed.get(20, TimeUnit.SECONDS)).isNotZero();
        }
    }

    @Test
    void requestsThatHaveToBeResetInSeriesCostTheirConnectionOnly() throws Exception {
        try (Http3Client other = client();
                Http3Client client = client()) {
            Installation.until("the end of the connection", () -> {
                try {
                    Http3Headers malformed = Http3Client.head("GET", HOST, "/").add("connection", "close");
                    assertThat(client.send(malformed).answer().whole()).isFalse();
                } catch (AssertionError closed) {
                    assertThat(closed).hasMessageContaining("waited in vain");
                }
                return client.closed.isDone();
            });
            assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo(Http3ErrorCode.H3_EXCESSIVE_LOAD.code());
            assertThat(other.get(HOST, "/other").status()).isEqualTo(200);
        }
    }

    @Test
    void clientThatLeavesIsNoticedByItsConnection() {
        Http3Client client = client();
        Request request = client.send(Http3Client.head("GET", HOST, "/held?id=left"));
        Installation.until("the request", () -> held.containsKey("left"));
        double open = metric("verge_http3_connections");
        client.close();
        assertThat(request.answer().whole()).isFalse();
        Installation.until("it to be gone", () -> metric("verge_http3_connections") < open);
        held.remove("left");
    }
}
