package dev.verge.node;

import static dev.verge.node.StrictRequest.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.Wire.Reply;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request has one reading or none, over real sockets, with an origin that tells what reached it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrictnessTest {
    private final WholeOrigin origin = new WholeOrigin();
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "publicPorts: {http: 80, https: 443}");
        installation.publish("""
                site: shop
                hosts: [a.example, b.example]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}], retries: {attempts: 1}}}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    private Wire connect() {
        return new Wire(installation.node().httpPort());
    }

    static List<StrictRequest> requests() {
        return StrictRequests.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void hasOneReadingOrNone(StrictRequest request) {
        int before = origin.whole.size();
        try (Wire wire = connect()) {
            Reply reply = wire.send(request.sent()).reply();
            while (reply.status() < 200) {
                reply = wire.reply();
            }
            assertThat(reply.status()).as("%s", reply).isEqualTo(request.status());
            if (request.closes()) {
                assertThat(reply.head()).contains("connection: close");
                assertThat(wire.closed()).isTrue();
            }
        }
        List<String> reached = origin.whole.subList(before, origin.whole.size());
        if (request.status() == 200) {
            assertThat(reached).hasSize(1);
            for (String part : request.seen()) {
                if (part.startsWith("!")) {
                    assertThat(reached.getFirst()).doesNotContain(part.substring(1));
                } else {
                    assertThat(reached.getFirst()).contains(part);
                }
            }
        } else {
            assertThat(reached).isEmpty();
        }
    }

    @Test
    void theSuiteIsLarge() {
        assertThat(requests()).hasSizeGreaterThanOrEqualTo(150);
        assertThat(requests().stream().map(StrictRequest::name)).doesNotHaveDuplicates();
    }

    @Test
    void requestsOverTlsAreReadAsStrictly() throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        for (String lines :
                List.of("X : y\r\n", "X: a\rb\r\n", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")) {
            try (Wire wire = new Wire(trusting.getSocketFactory()
                    .createSocket("127.0.0.1", installation.node().httpsPort()))) {
                wire.send("GET /tls HTTP/1.1\r\n" + HOST + "\r\nGET /bad HTTP/1.1\r\n" + HOST + lines + "\r\n");
                assertThat(wire.reply().content()).startsWith("GET /tls ");
                assertThat(wire.reply().status()).isEqualTo(400);
                assertThat(wire.closed()).isTrue();
            }
        }
    }

    /** RFC 9110 §7.4. */
    @Test
    void aTargetOfAnotherSchemeThanItsConnectionIsMisdirected() throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        for (String scheme : List.of("http", "https")) {
            try (Wire wire = new Wire(trusting.getSocketFactory()
                    .createSocket("127.0.0.1", installation.node().httpsPort()))) {
                wire.send("GET " + scheme + "://a.example/ HTTP/1.1\r\n" + HOST + "\r\n");
                assertThat(wire.reply().status()).isEqualTo(scheme.equals("https") ? 200 : 421);
            }
            try (Http2Wire wire = new Http2Wire(installation.node().httpPort())) {
                wire.headers(1, true, ":method", "GET", ":scheme", scheme, ":path", "/", ":authority", "a.example");
                assertThat(wire.fields(wire.next(Http2Wire.HEADERS)))
                        .containsEntry(":status", scheme.equals("http") ? "200" : "421");
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() {
        try (Wire wire = connect()) {
            wire.send("GET /one HTTP/1.1\r\n" + HOST + "\r\nPOST /two HTTP/1.1\r\n" + HOST
                    + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /three HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(wire.reply().content()).startsWith("GET /one ");
            assertThat(wire.reply().content()).startsWith("POST /two ").endsWith("\n\nabc");
            assertThat(wire.reply().content()).startsWith("GET /three ");
        }
    }

    @Test
    void whoEndsItsSideAfterItsRequestsIsAnswered() {
        try (Wire wire = connect()) {
            wire.send("GET /one HTTP/1.1\r\n" + HOST + "\r\nPOST /two HTTP/1.1\r\n" + HOST
                            + "Content-Length: 5\r\n\r\nhello")
                    .end();
            assertThat(wire.reply().content()).startsWith("GET /one ");
            assertThat(wire.reply().content()).endsWith("\n\nhello");
            assertThat(wire.closed()).isTrue();
        }
        int before = origin.whole.size();
        for (String part : List.of(
                "GET /cut HTTP/1.1\r\nHost: a.ex",
                "POST /cut HTTP/1.1\r\n" + HOST + "Content-Length: 9\r\n\r\nhello")) {
            try (Wire wire = connect()) {
                assertThat(wire.send(part).end().closed()).isTrue();
            }
        }
        assertThat(origin.whole.size()).isEqualTo(before);
    }

    @Test
    void aBadRequestIsRefusedAfterTheAnswersThatAreDue() {
        int before = origin.whole.size();
        try (Wire wire = connect()) {
            wire.send("GET /one HTTP/1.1\r\n" + HOST + "\r\nGET /two HTTP/1.1\r\n" + HOST
                    + "X : y\r\n\r\nGET /three HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(wire.reply().content()).startsWith("GET /one ");
            Reply refused = wire.reply();
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.content()).contains("white space stands before a colon");
            assertThat(wire.closed()).isTrue();
        }
        assertThat(origin.whole.size()).isEqualTo(before + 1);
    }

    @Test
    void badContentIsRefusedAfterTheAnswersThatAreDueAndNeverLooksWhole() {
        int before = origin.whole.size();
        try (Wire wire = connect()) {
            wire.send("GET /one HTTP/1.1\r\n" + HOST + "\r\nPOST /two HTTP/1.1\r\n" + HOST
                    + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\n\r\n");
            assertThat(wire.reply().content()).startsWith("GET /one ");
            assertThat(wire.reply().status()).isEqualTo(400);
            assertThat(wire.closed()).isTrue();
        }
        assertThat(origin.whole.size()).isEqualTo(before + 1);
    }

    @Test
    void whatFollowsALastRequestIsNotHeard() {
        int before = origin.whole.size();
        try (Wire wire = connect()) {
            wire.send("GET /last HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\nGET /more HTTP/1.1\r\n" + HOST
                    + "\r\n");
            assertThat(wire.reply().content()).startsWith("GET /last ");
            assertThat(wire.closed()).isTrue();
        }
        assertThat(origin.whole.size()).isEqualTo(before + 1);
    }

    @Test
    void theContentIsAskedForOnlyWhenSomebodyReadsIt() {
        try (Wire wire = connect()) {
            wire.send("POST /asked HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(100);
            assertThat(wire.send("hello").reply().content()).endsWith("\n\nhello");
        }
        try (Wire wire = connect()) {
            wire.send(
                    "POST /asked HTTP/1.1\r\nHost: elsewhere.example\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(421);
            assertThat(wire.closed()).isTrue();
        }
    }

    @Test
    void aRefusalIsReadEvenByAClientThatIsStillSending() {
        try (Wire wire = connect()) {
            wire.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: x\r\n\r\n" + "x".repeat(300_000));
            assertThat(wire.reply().status()).isEqualTo(400);
        }
    }

    @Test
    void contentCutShortByItsClientNeverLooksWhole() {
        int before = origin.whole.size();
        String part = "x".repeat(100_000); // more than is kept to be sent again
        for (String framing : List.of(
                "Content-Length: 200000\r\n\r\n" + part,
                "Transfer-Encoding: chunked\r\n\r\n186A0\r\n" + part + "\r\n")) {
            int begun = origin.begun.get();
            int broken = origin.broken.get();
            try (Wire wire = connect()) {
                wire.send("POST /cut HTTP/1.1\r\n" + HOST + framing);
                Installation.until("the origin has the head", () -> origin.begun.get() > begun);
            }
            Installation.until("the origin sees the cut", () -> origin.broken.get() > broken);
        }
        assertThat(origin.whole.size()).isEqualTo(before);
    }

    @Test
    void whatIsNoHttpIsClosedWithoutAnAnswer() {
        for (String text : List.of("INVALID CONNECTION PREFACE\r\n\r\n", "EHLO MAIL SERVER\r\n")) {
            try (Wire wire = connect()) {
                assertThat(wire.send(text).closed()).isTrue();
            }
        }
    }

    @Test
    void refusalsAreCountedByReason() {
        try (Wire wire = connect()) {
            wire.send("GET / HTTP/1.1\r\n" + HOST + "X: a\u0007\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(400);
        }
        String metrics = installation
                .send(java.net.http.HttpRequest.newBuilder(installation.admin("/metrics"))
                        .build())
                .body();
        assertThat(metrics).contains("verge_requests_refused_total{reason=\"field-value\"}");
    }
}
