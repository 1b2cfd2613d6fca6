package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Requests without content over HTTP/1.1 after the first of their connection: what may happen while one of them is under way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlainRequestTest {
    private static final String END = " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final ConcurrentMap<String, HttpServerResponse> held = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Boolean> gone = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        HttpServer origin = Installation.await(
                vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(origin.actualPort()));
    }

    @AfterAll
    void stop() {
        installation.close();
        Installation.await(vertx.close());
    }

    private void answer(HttpServerRequest request) {
        asked.incrementAndGet();
        HttpServerResponse response = request.response().putHeader("cache-control", "no-store");
        String path = Objects.requireNonNull(request.path());
        if (path.startsWith("/echo")) {
            request.body()
                    .onSuccess(content ->
                            response.end(request.method() + " " + request.getHeader("content-length") + " " + content));
        } else if (path.startsWith("/held")) {
            response.closeHandler(closed -> gone.put(path, true));
            held.put(path, response);
        } else if (path.startsWith("/trailed")) {
            response.setChunked(true).putTrailer("x-sum", "7").end("trailed");
        } else {
            response.end("at once");
        }
    }

    /** The origin's response to that request, which waits for this test. */
    private HttpServerResponse held(String path) {
        Installation.until("the origin to be asked", () -> held.containsKey(path));
        return Objects.requireNonNull(held.get(path));
    }

    /** A connection that the server library has taken over, so that the requests that follow do without it. */
    private Socket connection() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort());
        socket.setSoTimeout(20_000);
        send(socket, "GET /first" + END);
        assertThat(until(socket, "at once")).startsWith("HTTP/1.1 200 OK");
        return socket;
    }

    private static void send(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String until(Socket socket, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (!read.toString().endsWith(end)) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new AssertionError("ended after " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }

    private long plain() {
        return metric("verge_requests_plain_total");
    }

    private long metric(String name) {
        return installation
                .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatFollowsIsAnsweredAfterItEvenIfItIsNoHttp() throws IOException {
        long before = plain();
        try (Socket socket = connection()) {
            send(socket, "GET /held-1" + END);
            HttpServerResponse response = held("/held-1");
            int then = asked.get();
            send(socket, "GET /next" + END + "GET /and-one" + END + "GET /wrong HTTP/1.1\r\nHost : a\r\n\r\n");
            send(socket, "GET /never" + END);
            installation.get("/elsewhere"); // what was sent before is with the node by now
            assertThat(asked.get() - then).isEqualTo(1);
            response.end("held");

            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(all)
                    .containsPattern("(?s)^HTTP/1.1 200 OK.*held"
                            + "HTTP/1.1 200 OK.*at once"
                            + "HTTP/1.1 200 OK.*at once"
                            + "HTTP/1.1 400 Bad Request.*connection: close");
            assertThat(all.split("HTTP/1.1 ", -1)).hasSize(5);
        }
        assertThat(plain()).isGreaterThan(before);
    }

    @Test
    void aClientThatLeavesIsToldToTheOrigin() throws IOException {
        try (Socket socket = connection()) {
            send(socket, "GET /held-2" + END);
            held("/held-2");
        }
        Installation.until("the origin's connection to be closed", () -> gone.containsKey("/held-2"));
    }

    @Test
    void contentThatBreaksOffNeverLooksComplete() throws IOException {
        for (boolean chunked : new boolean[] {true, false}) {
            String path = "/held-3" + chunked;
            try (Socket socket = connection()) {
                send(socket, "GET " + path + END);
                HttpServerResponse response = held(path);
                if (chunked) {
                    response.setChunked(true);
                } else {
                    response.putHeader("content-length", "100");
                }
                Installation.await(response.write("a piece"));
                String head = until(socket, "a piece");
                assertThat(head).contains(chunked ? "transfer-encoding: chunked" : "content-length: 100");
                Installation.await(response.reset());
                String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                assertThat(rest).isIn("", "\r\n");
            }
        }
    }

    @Test
    void piecesArriveAsTheyComeAndTrailersForWhoTakesThem() throws IOException {
        try (Socket socket = connection()) {
            send(socket, "GET /held-4" + END);
            HttpServerResponse response = held("/held-4");
            Installation.await(response.setChunked(true).write("one"));
            assertThat(until(socket, "\r\n\r\n3\r\none\r\n")).contains("transfer-encoding: chunked");
            Installation.await(response.end("three"));
            assertThat(until(socket, "\r\n0\r\n\r\n")).isEqualTo("5\r\nthree\r\n0\r\n\r\n");

            send(socket, "GET /trailed HTTP/1.1\r\nHost: 127.0.0.1\r\nTE: trailers\r\n\r\n");
            assertThat(until(socket, "\r\n0\r\nx-sum: 7\r\n\r\n")).contains("7\r\ntrailed\r\n");
            send(socket, "GET /trailed" + END);
            assertThat(until(socket, "trailed\r\n0\r\n\r\n")).doesNotContain("x-sum");
        }
    }

    @Test
    void contentThatComesWithItsHeadGoesTheSameWay() throws IOException {
        try (Socket socket = connection()) {
            long before = plain();
            for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE"}) {
                send(socket, method + " /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello");
                assertThat(until(socket, method + " 5 hello")).contains("HTTP/1.1 200 OK");
            }
            send(socket, "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n");
            until(socket, "POST 0 ");
            assertThat(plain() - before).isEqualTo(5);

            // Who has somebody behind it, wants to be asked first, or has content of unknown length goes the long way,
            // in order.
            send(socket, "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\noneGET /next" + END);
            assertThat(until(socket, "at once")).contains("POST 3 one");
            send(
                    socket,
                    "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\ntwo");
            until(socket, "POST 3 two");
            send(
                    socket,
                    "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nthree\r\n0\r\n\r\n");
            until(socket, "POST 5 three");
            assertThat(plain() - before).as("but for the one behind").isBetween(5L, 6L);
        }
    }

    @Test
    void contentThatIsStillToComeIsWaitedForByTheServerLibrary() throws IOException {
        try (Socket socket = connection()) {
            long before = plain();
            send(socket, "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nhello");
            Installation.until("its head to be read", () -> metric("verge_requests_active") == 1);
            send(socket, "world");
            until(socket, "POST 10 helloworld");
            send(socket, "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello");
            until(socket, "POST 5 hello");
            assertThat(plain() - before).as("the second").isEqualTo(1);

            String large = "0123456789".repeat(20_000);
            send(socket, "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 200000\r\n\r\n" + large);
            until(socket, "POST 200000 " + large);
        }
    }

    @Test
    void aClientThatLeavesWithContentUnderWayIsToldToTheOrigin() throws IOException {
        try (Socket socket = connection()) {
            send(socket, "POST /held-5 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello");
            held("/held-5");
        }
        Installation.until("the origin's connection to be closed", () -> gone.containsKey("/held-5"));
    }
}
