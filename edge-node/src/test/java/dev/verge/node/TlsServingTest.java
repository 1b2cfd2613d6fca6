package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.node.TestAuthority.Issued;
import dev.verge.sync.log.SiteEntry;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Which certificate is shown to whom, on which terms, and what a connection may then be used for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsServingTest {
    private static final String OWN = "O=self-made,CN=verge node";
    private static final int MOST_OF_CLIENT = 12;

    private final TestAuthority authority = new TestAuthority("Test Authority");
    private Installation installation;
    private TlsClient client;
    private int versions;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(
                data,
                "publicPorts: {http: 80, https: 444}\nlimits: {handshakes: 200, handshakesPerClient: " + MOST_OF_CLIENT
                        + ", handshakeTimeout: 2s}");
        certificate("default", "shop", authority.issue("shop.example", "*.shop.example"));
        certificate("default", "strict", authority.issue("strict.example"));
        site("default", "shop", "[shop.example, \"*.shop.example\"]", "{certificate: shop, redirectHttp: true}");
        site("default", "strict", "[strict.example]", "{certificate: strict, minVersion: \"1.3\"}");
        site("default", "plain", "[plain.example]", "{}");
        site("other", "theirs", "[theirs.example]", "{certificate: shop}");
        client = new TlsClient(installation.node().httpsPort());
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    private void certificate(String account, String name, Issued issued) {
        installation.applied(installation.log.commit(issued.entry(account, name)));
    }

    private void site(String account, String name, String hosts, String tls) {
        installation.applied(installation.log.commit(
                new SiteEntry(account, name, "i1", ++versions, """
                        site: %s
                        hosts: %s
                        tls: %s
                        rules: [{name: all, do: [{setResponseHeader: {X-Client: "${clientIp}"}}, {respond: {status: 200, body: "${host}"}}]}]
                        """.formatted(name, hosts, tls))));
    }

    @Test
    void showsTheSitesCertificateToWhoAsksForItAndItsOwnToOthers() {
        assertThat(client.shown("shop.example")).isEqualTo("CN=shop.example");
        assertThat(client.shown("WWW.shop.example")).isEqualTo("CN=shop.example");
        assertThat(client.shown("strict.example")).isEqualTo("CN=strict.example");
        // A wildcard stands for one label (RFC 9525 §6.3).
        assertThat(client.shown("a.b.shop.example")).isEqualTo(OWN);
        assertThat(client.shown("plain.example")).isEqualTo(OWN);
        assertThat(client.shown("unknown.example")).isEqualTo(OWN);
        assertThat(client.shown(null)).isEqualTo(OWN);
    }

    @Test
    void certificateOfAnotherAccountIsNeverShown() {
        assertThat(client.shown("theirs.example")).isEqualTo(OWN);
        certificate("other", "shop", authority.issue("theirs.example"));
        assertThat(client.shown("theirs.example")).isEqualTo("CN=theirs.example");
        assertThat(client.shown("shop.example")).isEqualTo("CN=shop.example");
    }

    @Test
    void connectionsGoOnWhenACertificateIsReplaced() throws IOException {
        certificate("default", "hot", authority.issue("hot.example"));
        site("default", "hot", "[hot.example]", "{certificate: hot}");
        try (SSLSocket before = client.connect("hot.example");
                Wire wire = new Wire(before)) {
            assertThat(TlsClient.ask(wire, "hot.example", "/").status()).isEqualTo(200);
            certificate("default", "hot", authority.issue("new.hot.example", "hot.example"));
            assertThat(new TlsClient(installation.node().httpsPort()).shown("hot.example"))
                    .isEqualTo("CN=new.hot.example");
            assertThat(TlsClient.ask(wire, "hot.example", "/").content()).isEqualTo("hot.example");
        }
    }

    @Test
    void servesEveryKindOfKeyOverBothVersions() throws IOException {
        for (String kind : List.of("RSA 2048", "EC 384", "Ed25519 0")) {
            String[] parts = kind.split(" ", -1);
            certificate(
                    "default",
                    "kinds",
                    authority.issue(
                            TestAuthority.pair(parts[0], Integer.parseInt(parts[1])),
                            Duration.ofDays(9),
                            "kinds.example"));
            site("default", "kinds", "[kinds.example]", "{certificate: kinds}");
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (SSLSocket socket =
                        new TlsClient(installation.node().httpsPort()).connect("kinds.example", version)) {
                    assertThat(TlsClient.subject(socket)).as(kind + version).isEqualTo("CN=kinds.example");
                    assertThat(socket.getSession().getCipherSuite()).contains("GCM");
                }
            }
        }
    }

    @Test
    void oldestVersionIsTheSites() throws IOException {
        try (SSLSocket socket = client.connect("shop.example", "TLSv1.2")) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
        }
        assertThatThrownBy(() -> client.connect("strict.example", "TLSv1.2")).isInstanceOf(SSLException.class);
        try (Wire old = new Wire(client.connect(null, "TLSv1.2"))) {
            assertThat(TlsClient.ask(old, "strict.example", "/").status()).isEqualTo(421);
        }
    }

    @Test
    void connectionServesOnlyHostsOnItsOwnTerms() throws IOException {
        try (Wire wire = new Wire(client.connect("shop.example"))) {
            assertThat(TlsClient.ask(wire, "shop.example", "/").status()).isEqualTo(200);
            assertThat(TlsClient.ask(wire, "www.shop.example", "/").content()).isEqualTo("www.shop.example");
            assertThat(TlsClient.ask(wire, "strict.example", "/").status()).isEqualTo(421);
            assertThat(TlsClient.ask(wire, "plain.example", "/").status()).isEqualTo(421);
            assertThat(TlsClient.ask(wire, "shop.example", "/").status()).isEqualTo(200);
        }
        assertThat(client.get(null, "shop.example", "/").status()).isEqualTo(200);
        assertThat(client.get("plain.example", "plain.example", "/").status()).isEqualTo(200);
        assertThat(client.get("plain.example", "shop.example", "/").status()).isEqualTo(421);
    }

    @Test
    void http2ConnectionServesOnlyHostsOnItsOwnTerms() {
        int port = installation.node().httpsPort();
        HttpClientAgent h2 = installation.vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(true)
                .setTrustAll(true)
                .setVerifyHost(false));
        HttpClientConnection connection = Installation.await(h2.connect(new HttpConnectOptions()
                .setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
                .setHost("shop.example")
                .setPort(port)
                .setSsl(true)));
        assertThat(h2(connection, "shop.example")).isEqualTo("200 127.0.0.1");
        assertThat(h2(connection, "www.shop.example")).isEqualTo("200 127.0.0.1");
        assertThat(h2(connection, "strict.example")).startsWith("421 ");
        assertThat(h2(connection, "plain.example")).startsWith("421 ");
        assertThat(h2(connection, "shop.example")).isEqualTo("200 127.0.0.1");
        Installation.await(h2.close());
    }

    private static String h2(HttpClientConnection connection, String host) {
        assertThat(connection.protocolVersion()).isEqualTo(HttpVersion.HTTP_2);
        return Installation.await(connection
                .request(new RequestOptions().setURI("/"))
                .compose(request ->
                        request.authority(HostAndPort.authority(host)).send())
                .map(answer -> answer.statusCode() + " " + answer.getHeader("x-client")));
    }

    @Test
    void clearTextIsRedirectedToThePublicPort() {
        RawClient.Answer answer =
                RawClient.send(installation.node().httpPort(), "GET /a?b=c HTTP/1.1", "shop.example:8080");
        assertThat(answer.status()).isEqualTo(308);
        assertThat(answer.field("location")).isEqualTo("https://shop.example:444/a?b=c");
        assertThat(RawClient.get(installation.node().httpPort(), "plain.example", "/")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void sessionsAreResumedOnEveryEventLoop() throws IOException {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            TlsClient returning = new TlsClient(installation.node().httpsPort());
            long first = 0;
            for (int i = 0; i < 12; i++) {
                try (SSLSocket socket = returning.connect("shop.example", version);
                        Wire wire = new Wire(socket)) {
                    // Tickets of TLS 1.3 come with the first answer.
                    assertThat(TlsClient.ask(wire, "shop.example", "/").status())
                            .isEqualTo(200);
                    long made = socket.getSession().getCreationTime();
                    first = first == 0 ? made : first;
                    assertThat(made).as(version + ", connection " + i).isEqualTo(first);
                }
            }
        }
    }

    @Test
    void protocolIsWhatAlpnSaysAndNoOther() throws IOException {
        try (SSLSocket h2 = client.connect("shop.example", List.of("h2", "http/1.1"));
                Wire wire = new Wire(h2)) {
            assertThat(h2.getApplicationProtocol()).isEqualTo("h2");
            assertThat(wire.send("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n").closed())
                    .isTrue();
        }
        try (SSLSocket h1 = client.connect("shop.example", List.of("http/1.1"));
                Wire wire = new Wire(h1)) {
            assertThat(h1.getApplicationProtocol()).isEqualTo("http/1.1");
            assertThat(wire.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").closed()).isTrue();
        }
        try (SSLSocket none = client.connect("shop.example", List.of("spdy/1"));
                Wire wire = new Wire(none)) {
            assertThat(TlsClient.ask(wire, "shop.example", "/").status()).isEqualTo(200);
        }
    }

    @Test
    void handshakesThatNeverEndLeaveRoomForOthers() throws IOException {
        List<Socket> flood = new ArrayList<>();
        try {
            for (int i = 0; i < 4 * MOST_OF_CLIENT; i++) {
                Socket socket = new Socket();
                socket.bind(new InetSocketAddress("127.0.0.7", 0));
                socket.connect(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), installation.node().httpsPort()));
                socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0});
                flood.add(socket);
            }
            assertThat(client.get("shop.example", "shop.example", "/").status()).isEqualTo(200);
            Installation.until(
                    "refused handshakes",
                    () -> metric("verge_tls_handshakes_total{result=\"refused\"}") >= 3 * MOST_OF_CLIENT);
            Installation.until("the others to be given up", () -> metric("verge_tls_handshakes_active ") == 0);
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
    }

    private double metric(String name) {
        java.net.http.HttpRequest request = java.net.http.HttpRequest.newBuilder(installation.admin("/metrics"))
                .build();
        return installation
                .send(request)
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void certificatesAreToldWithTheirEnds() {
        certificate(
                "default",
                "ending",
                authority.issue(TestAuthority.pair("EC", 256), Duration.ofDays(3), "ending.example"));
        assertThat(metric("verge_tls_certificate_expiry_seconds{account=\"default\",certificate=\"ending\"}"))
                .isBetween(
                        Duration.ofDays(2).toSeconds() + 0.0, Duration.ofDays(3).toSeconds() + 0.0);
        String ready = installation
                .send(java.net.http.HttpRequest.newBuilder(installation.admin("/readyz"))
                        .build())
                .body();
        assertThat(ready).contains("\"certificates\"").contains("default/ending");
    }
}
