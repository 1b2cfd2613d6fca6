package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.TestAuthority.Issued;
import dev.verge.sync.certificate.CertificateChain;
import dev.verge.sync.log.SiteEntry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that clients show to the node, and the node to origins. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientCertificateTest {
    private final TestAuthority authority = new TestAuthority("Clients");
    private final TestAuthority servers = new TestAuthority("Servers");
    private final Issued ann = authority.issue("ann");
    private final EchoOrigin origin = new EchoOrigin(request -> new EchoOrigin.Reply(
            200,
            List.of("X-Any: 1"),
            request.field("client-cert") + "|" + request.field("x-who") + "|" + request.field("client_cert")));
    private Installation installation;
    private HttpServer asking;
    private int versions;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "");
        for (String host : List.of("must.example", "may.example", "other.example")) {
            installation.applied(installation.log.commit(servers.issue(host).entry("default", host.replace('.', '-'))));
        }
        site("must", "required");
        site("may", "optional");
        site("other", null);
        Issued served = servers.issue("localhost");
        asking = Installation.await(installation
                .vertx
                .createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority.certificate)))
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(served.chain()))
                                .addKeyValue(Buffer.buffer(served.key()))))
                .requestHandler(request -> request.response().end(subject(request.sslSession())))
                .listen(0, "127.0.0.1"));
    }

    private static String subject(javax.net.ssl.SSLSession session) {
        try {
            return ((X509Certificate) session.getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    private static String yaml(String pem) {
        return '"' + pem.replace("\r", "").replace("\n", "\\n") + '"';
    }

    private void site(String name, @Nullable String mode) {
        String clients = mode == null
                ? ""
                : ", clientCertificates: {ca: " + yaml(authority.certificate) + ", mode: " + mode + "}";
        publish(name, """
                site: %1$s
                hosts: [%1$s.example]
                tls: {certificate: %1$s-example%2$s}
                pools: {app: {origins: [{url: "http://127.0.0.1:%3$d"}]}}
                cache: {edgeTtl: {mode: bypass}}
                rules:
                  - name: ann
                    when: {expr: "request.tlsVersion == '1.3' && 'subject' in request.clientCertificate && request.clientCertificate.subject == 'CN=ann'"}
                    do: [{setRequestHeader: {X-Who: "${clientCertificate.subject} ${clientCertificate.fingerprint}"}}]
                """.formatted(name, clients, origin.port()));
    }

    private void publish(String name, String document) {
        installation.applied(installation.log.commit(new SiteEntry("default", name, "i1", ++versions, document)));
    }

    private TlsClient client(@Nullable Issued own) {
        return new TlsClient(installation.node().httpsPort(), own);
    }

    private static String field(Issued issued) {
        try {
            X509Certificate certificate = CertificateChain.parse(issued.chain()).leaf();
            return ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void verifiedCertificateGoesToRulesAndOrigins() {
        for (String name : List.of("must", "may")) {
            String host = name + ".example";
            String expected = field(ann) + "|CN=ann "
                    + CertificateChain.parse(ann.chain()).fingerprint() + "|";
            assertThat(client(ann).get(host, host, "/").content()).isEqualTo(expected);
            assertThat(client(ann)
                            .get(host, host, "/", "Connection: client-cert", "Client_Cert: :AAAA:")
                            .content())
                    .isEqualTo(expected);
        }
    }

    @Test
    void http2TellsTheCertificateToo() {
        int port = installation.node().httpsPort();
        HttpClientAgent h2 = installation.vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(ann.chain()))
                        .addKeyValue(Buffer.buffer(ann.key()))));
        String content = Installation.await(h2.request(new RequestOptions()
                        .setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
                        .setHost("must.example")
                        .setPort(port)
                        .setSsl(true)
                        .setURI("/"))
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .map(Buffer::toString));
        assertThat(content).startsWith(field(ann) + "|CN=ann");
        Installation.await(h2.close());
    }

    @Test
    void resumedSessionStillKnowsTheClient() throws IOException {
        TlsClient returning = client(ann);
        long first = 0;
        for (int i = 0; i < 4; i++) {
            try (SSLSocket socket = returning.connect("must.example");
                    Wire wire = new Wire(socket)) {
                assertThat(TlsClient.ask(wire, "must.example", "/").content()).startsWith(field(ann) + "|CN=ann");
                first = first == 0 ? socket.getSession().getCreationTime() : first;
                assertThat(socket.getSession().getCreationTime()).isEqualTo(first);
            }
        }
    }

    @Test
    void siteThatRequiresOneServesNobodyElse() {
        // Authorities of the same name, which have signed nothing that is believed.
        assertThat(served(null, "must.example")).isFalse();
        assertThat(served(new TestAuthority("Clients").issue("ann"), "must.example"))
                .isFalse();
        assertThat(served(new TestAuthority("Clients").issue("ann"), "may.example"))
                .isFalse();
        assertThat(served(ann, "must.example")).isTrue();
        assertThat(RawClient.get(installation.node().httpPort(), "must.example", "/")
                        .status())
                .isEqualTo(403);
        // Neither over a connection that was made for another host, or for none.
        assertThat(client(ann).get("other.example", "must.example", "/").status())
                .isEqualTo(421);
        assertThat(client(ann).get("may.example", "must.example", "/").status()).isEqualTo(421);
        assertThat(client(ann).get(null, "must.example", "/").status()).isEqualTo(421);
    }

    /** In TLS 1.3 a client hears of it only after its own handshake is done. */
    private boolean served(@Nullable Issued own, String host) {
        try (SSLSocket socket = client(own).connect(host)) {
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == 'H';
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void nobodyClaimsACertificate() {
        assertThat(client(null)
                        .get("may.example", "may.example", "/", "Client-Cert: :AAAA:", "Client_Cert: :AAAA:")
                        .content())
                .isEqualTo("||");
        assertThat(client(null)
                        .get("other.example", "other.example", "/", "Client-Cert: :AAAA:")
                        .content())
                .isEqualTo("||");
        assertThat(RawClient.get(installation.node().httpPort(), "other.example", "/", "Client-Cert: :AAAA:")
                        .body())
                .isEqualTo("||");
        // A connection that knows the client is not used for a site that did not ask.
        assertThat(client(ann).get("may.example", "other.example", "/").status())
                .isEqualTo(421);
    }

    @Test
    void originIsShownTheCertificateThatTheDocumentNames() {
        installation.applied(installation.log.commit(authority.issue("node-1").entry("default", "shown")));
        publish("origins", """
                site: origins
                hosts: [origins.example]
                defaultPool: shows
                pools:
                  shows: {origins: [{url: "https://127.0.0.1:%1$d", tls: {sni: localhost, ca: %2$s, clientCertificate: shown}}],
                          healthCheck: {path: /, interval: 100ms, timeout: 5s, consecutiveUp: 1, consecutiveDown: 1},
                          timeouts: {idleConnection: 100ms}}
                  hides: {origins: [{url: "https://127.0.0.1:%1$d", tls: {sni: localhost, ca: %2$s}}]}
                cache: {edgeTtl: {mode: bypass}}
                rules: [{name: hides, when: {path: /hides}, do: [{pool: hides}]}]
                """.formatted(asking.actualPort(), yaml(servers.certificate)));
        int port = installation.node().httpPort();
        assertThat(RawClient.get(port, "origins.example", "/").body()).isEqualTo("CN=node-1");
        assertThat(RawClient.get(port, "origins.example", "/hides").status()).isEqualTo(502);
        // Renewed: new connections show the new one; probes with either keep the origin in service.
        installation.applied(installation.log.commit(authority.issue("node-2").entry("default", "shown")));
        Installation.until(
                "the new certificate",
                () -> RawClient.get(port, "origins.example", "/").body().equals("CN=node-2"));
    }
}
