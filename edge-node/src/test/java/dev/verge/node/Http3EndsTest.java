package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.node.Http3Client.Answer;
import dev.verge.node.Http3Client.Request;
import dev.verge.node.config.NodeConfig;
import dev.verge.sync.binding.Binder;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.QuicSslContext;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How HTTP/3 begins and ends with its node. */
class Http3EndsTest {
    private static final String HOST = "127.0.0.1";

    /** With one handshake at most, the node is busy enough that each client proves its address. */
    @Test
    void clientsProveTheirAddressAndWhatIsUnderWayEndsInOrder(@TempDir Path data) throws Exception {
        BlockingQueue<HttpServerResponse> held = new LinkedBlockingQueue<>();
        try (Installation installation = new Installation(data, """
                https: {listen: "127.0.0.1:0", http3: true}
                limits: {handshakes: 1, handshakesPerClient: 1, drain: 20s}
                """)) {
            HttpServer origin = Installation.await(installation
                    .vertx
                    .createHttpServer()
                    .requestHandler(request -> held.add(request.response()))
                    .listen(0, HOST));
            installation.publish("""
                    site: shop
                    hosts: [127.0.0.1]
                    pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                    """.formatted(origin.actualPort()));
            int port = installation.node().httpsPort();
            try (Http3Client client = new Http3Client(port, "localhost.example")) {
                Request request = client.send(Http3Client.head("GET", HOST, "/slow"));
                HttpServerResponse response = held.poll(20, TimeUnit.SECONDS);
                assertThat(response).isNotNull();
                String metrics = installation
                        .send(HttpRequest.newBuilder(installation.admin("/metrics"))
                                .build())
                        .body();
                assertThat(metrics).contains("verge_http3_retries_total 1.0");
                Thread closing = Thread.ofVirtual().start(installation::stop);
                Installation.until("GOAWAY", () -> !client.goAways.isEmpty());
                assertThat(client.goAways.getLast()).isEqualTo(4);
                assertThat(client.closed).isNotDone();
                if (response != null) {
                    var _ = response.end("at last");
                }
                Answer answer = request.answer();
                assertThat(answer.whole()).isTrue();
                assertThat(answer.text()).isEqualTo("at last");
                assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo(Http3ErrorCode.H3_NO_ERROR.code());
                closing.join();
                // The port is anybody's again.
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).close();
            }
        }
    }

    private static final String FIXED = """
            site: shop
            hosts: [127.0.0.1]
            pools: {app: {origins: [{url: "http://127.0.0.1:9"}]}}
            rules: [{name: fixed, when: {path: "/*"}, do: [{respond: {status: 200, body: fixed}}]}]
            """;

    private static final String HTTP_3 = "https: {listen: \"127.0.0.1:0\", http3: true}\nlimits: {drain: 5s}";

    @Test
    void worksWithoutANativeTransport(@TempDir Path data) {
        try (Installation installation = new Installation(data, HTTP_3, new Seams(Clock.systemUTC(), true, false))) {
            installation.publish(FIXED);
            int port = installation.node().httpsPort();
            try (Http3Client client = new Http3Client(port, "localhost.example")) {
                assertThat(client.get(HOST, "/", "priority", "u=1, i").text()).isEqualTo("fixed");
                assertThat(client.get(HOST, "/", "priority", "u=9, i=x").text()).isEqualTo("fixed");
            }
            assertThat(installation
                            .send(HttpRequest.newBuilder(installation.url("/")).build())
                            .body())
                    .isEqualTo("fixed");
        }
    }

    /** Whoever resumes a session is shown no certificate, and has none to judge. */
    @Test
    void aConnectionThatIsMadeAgainResumesItsSession(@TempDir Path data) {
        AtomicInteger shown = new AtomicInteger();
        QuicSslContext client = Http3Client.tls(new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {
                shown.incrementAndGet();
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        });
        try (Installation installation = new Installation(data, HTTP_3)) {
            installation.publish(FIXED);
            int port = installation.node().httpsPort();
            for (int connection = 0; connection < 3; connection++) {
                try (Http3Client each = new Http3Client(port, "localhost.example", 1 << 20, client)) {
                    assertThat(each.get(HOST, "/").text()).isEqualTo("fixed");
                }
            }
            assertThat(shown).hasValue(1);
            try (Http3Client stranger = new Http3Client(port, "another.example", 1 << 20, client)) {
                assertThat(stranger.get(HOST, "/").text()).isEqualTo("fixed");
            }
            assertThat(shown).hasValue(2);
        }
    }

    /** Connections end with their process; the next one finds the successor. */
    @Test
    void whoTakesOverAnswersOnceTheOldProcessHasGone(@TempDir Path data) throws Exception {
        try (Installation installation = new Installation(data, HTTP_3)) {
            installation.publish(FIXED);
            int port = installation.node().httpsPort();
            try (Http3Client client = new Http3Client(port, "localhost.example")) {
                assertThat(client.get(HOST, "/").text()).isEqualTo("fixed");
                EdgeNode old = installation.takeOver();
                Installation.await(old.ended());
                assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo(Http3ErrorCode.H3_NO_ERROR.code());
            }
            Installation.until("the successor has the port", () -> {
                try (Http3Client next = new Http3Client(port, "localhost.example")) {
                    return next.get(HOST, "/").text().equals("fixed");
                } catch (IllegalStateException notYet) {
                    return false;
                }
            });
            assertThat(installation.node().httpsPort()).isEqualTo(port);
        }
    }

    @Test
    void isOffUnlessSwitchedOnAndTheSwitchIsOneOfTwoWords() {
        NodeConfig config =
                Binder.standard().bindText("node: n\ndata: d", NodeConfig.class).orThrow();
        assertThat(config.https().http3()).isFalse();
        assertThatThrownBy(() -> Binder.standard()
                        .bindText("node: n\ndata: d\nhttps: {http3: perhaps}", NodeConfig.class)
                        .orThrow())
                .hasMessageContaining("https.http3")
                .hasMessageContaining("perhaps");
    }
}
