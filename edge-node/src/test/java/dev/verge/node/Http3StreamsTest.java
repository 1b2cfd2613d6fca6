package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.Http3Client.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicStreamType;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Many streams on one connection of HTTP/3: whose turn it is, and how many may be taken back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http3StreamsTest {
    private static final String HOST = "127.0.0.1";
    private static final int STREAMS = 20;
    private static final int WINDOW = 64 << 10;
    private static final int LARGE = 400_000;

    /** Requests that may be taken back at once. */
    private static final int RESETS = 200;

    private final Queue<HttpServerResponse> held = new ConcurrentLinkedQueue<>();
    private final SwitchingOrigin switching = new SwitchingOrigin();
    private Installation installation;
    private HttpServer origin;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, """
                https: {listen: "127.0.0.1:0", http3: true}
                limits: {streamsPerConnection: %d}
                """.formatted(STREAMS));
        origin = Installation.await(installation
                .vertx
                .createHttpServer()
                .requestHandler(this::origin)
                .listen(0, HOST));
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                defaultPool: app
                pools:
                  app: {origins: [{url: "http://127.0.0.1:%d"}]}
                  switching: {origins: [{url: "http://127.0.0.1:%d"}], retries: {attempts: 1}}
                rules:
                  - name: other
                    when: {path: "~^/ws/(?<rest>.*)$"}
                    do: [{rewrite: {path: "/${rest}"}}, {pool: switching}]
                """.formatted(origin.actualPort(), switching.port()));
        assertThat(installation
                        .send(HttpRequest.newBuilder(installation.url("/large")).build())
                        .body())
                .hasSize(LARGE);
    }

    @AfterAll
    void stop() {
        installation.close();
        switching.close();
    }

    private void origin(HttpServerRequest request) {
        switch (String.valueOf(request.path())) {
            case "/large" ->
                request.response().putHeader("cache-control", "max-age=600").end("x".repeat(LARGE));
            case "/held" -> held.add(request.response());
            case "/long" ->
                request.response().setChunked(true).write("begun").onComplete(sent -> held.add(request.response()));
            default -> request.response().end("here");
        }
    }

    private Http3Client client(int window) {
        return new Http3Client(installation.node().httpsPort(), "localhost.example", window);
    }

    private double requests() {
        return installation
                .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                .body()
                .lines()
                .filter(line -> line.startsWith("verge_http3_requests_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    private static Http3Headers head(String path, String priority) {
        Http3Headers head = Http3Client.head("GET", HOST, path);
        return priority.isEmpty() ? head : head.add("priority", priority);
    }

    /** A frame of RFC 9218 §7.2 about one of the first 16 requests. */
    private static ByteBuf update(int type, int stream, String field) {
        return Unpooled.buffer()
                .writeInt(0x80000000 | type)
                .writeByte(1 + field.length())
                .writeByte(stream)
                .writeBytes(field.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * A large answer, then another one, both of which wait for the window; and then frames.
     *
     * @param frames number of the stream and field, by turns
     * @return what has come of the first when the second is there whole
     */
    private int ofTheFirst(String first, String second, String... frames) {
        try (Http3Client client = client(WINDOW)) {
            double before = requests();
            Request bulk = client.open(true);
            bulk.write(head("/large", first)).end();
            Installation.until("a full window", () -> client.received() > WINDOW);
            for (int i = 0; i < frames.length; i += 2) {
                client.control(update(0xF0700, Integer.parseInt(frames[i]), frames[i + 1]));
            }
            Request late = client.open(true);
            late.write(head("/large", second)).end();
            Installation.until("both requests", () -> requests() - before >= 2);
            CompletableFuture<Integer> taken = late.answer.thenApply(whole -> bulk.bytes());
            bulk.releaseWith(late);
            assertThat(late.answer().text()).hasSize(LARGE);
            assertThat(bulk.answer().text()).hasSize(LARGE);
            return taken.join();
        }
    }

    @Test
    void theUrgentOvertakesTheBulkWhetherAFieldOrAFrameSaysSo() {
        assertThat(ofTheFirst("", "")).isEqualTo(LARGE);
        assertThat(ofTheFirst("", "u=1")).isLessThan(LARGE / 2);
        assertThat(ofTheFirst("u=2", "", "0", "u=7")).isLessThan(LARGE / 2);
        // Before its request, and more than its field.
        assertThat(ofTheFirst("", "u=6", "4", "u=7", "4", "u=0")).isLessThan(LARGE / 2);
        assertThat(ofTheFirst("", "u=0", "4", "u=5")).isEqualTo(LARGE);
    }

    @Test
    void aFrameThatCannotStandEndsTheConnection() throws Exception {
        record Case(ByteBuf frame, Http3ErrorCode code) {}
        for (Case each : List.of(
                new Case(update(0xF0700, 2, "u=1"), Http3ErrorCode.H3_ID_ERROR),
                new Case(update(0xF0700, 4 * STREAMS, "u=1"), Http3ErrorCode.H3_ID_ERROR),
                new Case(update(0xF0701, 0, "u=1"), Http3ErrorCode.H3_ID_ERROR),
                new Case(Unpooled.buffer().writeInt(0x800F0700).writeByte(0), Http3ErrorCode.H3_FRAME_ERROR))) {
            try (Http3Client client = client(WINDOW)) {
                client.control(each.frame);
                assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo(each.code.code());
            }
        }
        try (Http3Client client = client(WINDOW)) {
            Request request = client.open();
            request.write(head("/here", "")).raw(update(0xF0700, 0, "u=1"));
            assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo(Http3ErrorCode.H3_FRAME_UNEXPECTED.code());
        }
    }

    /** Waits until the client may have another stream, which the transport does not do by itself. */
    private static Request open(Http3Client client) {
        Installation.until(
                "room for a stream",
                () -> client.closed.isDone() || client.connection.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0);
        return client.open();
    }

    /** A stream that is over makes room for another one; with the client's acknowledgement, which it may hold back for 25 ms. */
    @Test
    void whoTakesBackLessThanTheBoundGoesOn() {
        try (Http3Client client = client(WINDOW)) {
            for (int i = 0; i < RESETS - 10; i++) {
                Request request = open(client);
                request.write(head("/here", ""));
                if (i % STREAMS == 0) {
                    request.end().stopAnswer();
                } else {
                    request.reset();
                }
            }
            assertThat(open(client).write(head("/here", "")).end().answer().text())
                    .isEqualTo("here");
        }
    }

    private void takeBackUntilClosed(Consumer<Request> takeBack) throws Exception {
        held.clear();
        try (Http3Client other = client(WINDOW);
                Http3Client client = client(WINDOW)) {
            int begun = 0;
            while (!client.closed.isDone() && begun < 20 * RESETS) {
                try {
                    Request request = open(client);
                    takeBack.accept(request.write(head("/held", "")));
                    begun++;
                } catch (AssertionError ended) {
                    assertThat(client.closed.get(20, TimeUnit.SECONDS)).isPositive();
                }
            }
            assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo(Http3ErrorCode.H3_EXCESSIVE_LOAD.code());
            assertThat(begun).isBetween(RESETS, 2 * RESETS + 2 * STREAMS);
            assertThat(other.get(HOST, "/here").text()).isEqualTo("here");
        }
    }

    @Test
    void requestsThatAreTakenBackInSeriesCostTheirConnection() throws Exception {
        takeBackUntilClosed(Request::reset);
    }

    /** To the transport such a stream is over, and another one may come; the work for it is not. */
    @Test
    void answersThatNobodyWantsDoNotAddUp() throws Exception {
        takeBackUntilClosed(request -> request.end().stopAnswer());
        assertThat(held.size()).isLessThanOrEqualTo(STREAMS);
    }

    /** With its request sent whole, a client says no more than that (STOP_SENDING); nothing is written meanwhile that would tell. */
    @Test
    void anAnswerThatIsNotWantedAnyMoreIsGivenUpAtItsOrigin() {
        for (String path : List.of("/held", "/long")) {
            for (boolean whole : List.of(true, false)) {
                held.clear();
                try (Http3Client client = client(WINDOW)) {
                    Request request = client.begin(Http3Client.head(whole ? "GET" : "POST", HOST, path));
                    if (whole) {
                        request.end();
                    } else {
                        var _ = request.write(new byte[20_000]);
                    }
                    Installation.until("the origin is asked", () -> held.size() == 1);
                    if (path.equals("/long")) {
                        Installation.until("the answer has begun", () -> request.status() == 200);
                    }
                    HttpServerResponse answer = held.element();
                    request.stopAnswer();
                    long begun = System.nanoTime();
                    Installation.until("the origin hears of it", answer::closed);
                    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
                    assertThat(client.get(HOST, "/here").text()).isEqualTo("here");
                }
            }
        }
    }

    /** Whether it is still wanted is found out by frames that mean nothing. */
    @Test
    void anAnswerThatComesLateIsWhole() {
        held.clear();
        try (Http3Client client = client(WINDOW)) {
            Request request = client.send(Http3Client.head("GET", HOST, "/long"));
            Installation.until("the answer has begun", () -> request.so().equals("begun"));
            long before = client.received();
            Installation.until("frames that mean nothing", () -> client.received() - before > 20);
            var _ = held.element().end(", ended");
            assertThat(request.answer().whole()).isTrue();
            assertThat(request.answer().text()).isEqualTo("begun, ended");
        }
    }

    private static Http3Headers tunnel(String path) {
        return Http3Client.head("CONNECT", HOST, path).protocol("websocket").add("sec-websocket-version", "13");
    }

    private Request asked(Http3Client client, String path) {
        Request request = client.open();
        request.write(tunnel(path));
        Installation.until("an answer", () -> request.status() != 0);
        return request;
    }

    @Test
    void aStreamBecomesATunnelBesideOthers() {
        try (Http3Client client = client(WINDOW);
                AccessLines records = new AccessLines()) {
            Request socket = asked(client, "/ws/echo");
            assertThat(client.tunnels).isTrue();
            assertThat(socket.status()).isEqualTo(200);
            Installation.until("the origin's word", () -> socket.so().equals("hello from the origin\n"));
            assertThat(switching.last())
                    .startsWith("get /echo http/1.1")
                    .contains("\nupgrade: websocket\n", "\nsec-websocket-key: ", "\nvia: 3 verge\n");
            var _ = socket.write("ping".getBytes(StandardCharsets.US_ASCII));
            Installation.until("the echo", () -> socket.so().endsWith("ping"));
            assertThat(client.get(HOST, "/here").text()).isEqualTo("here");
            var _ = socket.write("the last".getBytes(StandardCharsets.US_ASCII));
            Http3Client.Answer ended = socket.end().answer();
            assertThat(ended.whole()).isTrue();
            assertThat(ended.text()).endsWith("pingthe last");
            assertThat(ended.fields().first("upgrade")).isNull();
            assertThat(ended.fields().first("sec-websocket-accept")).isNull();
            assertThat(records.until("/ws/echo"))
                    .anyMatch(line -> line.contains("/ws/echo") && line.contains("tunnel"));
        }
    }

    @Test
    void nothingButATunnelLooksLikeOneAndItEndsWithItsClient() throws Exception {
        try (Http3Client client = client(WINDOW)) {
            assertThat(asked(client, "/ws/no").status()).isEqualTo(403);
            assertThat(asked(client, "/ws/plain").status()).isEqualTo(502);
            assertThat(asked(client, "/ws/unaccepted").status()).isEqualTo(502);
            Request held = asked(client, "/ws/hold");
            assertThat(held.status()).isEqualTo(200);
            held.reset();
            assertThat(switching.held.getLast().getInputStream().read()).isEqualTo(-1);
            Http3Headers noPath = tunnel("/ws/echo");
            noPath.remove(":path");
            for (Http3Headers wrong : List.of(
                    head("/ws/echo", "").protocol("websocket"),
                    noPath,
                    tunnel("/ws/echo").add("content-length", "3"))) {
                assertThat(client.send(wrong).answer().whole()).isFalse();
            }
            assertThat(client.get(HOST, "/here").text()).isEqualTo("here");
        }
    }
}
