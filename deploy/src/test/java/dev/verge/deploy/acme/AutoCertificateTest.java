package dev.verge.deploy.acme;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.ControlPlane;
import dev.verge.control.ControlPlaneConfig;
import dev.verge.node.EdgeNode;
import dev.verge.node.config.NodeConfig;
import dev.verge.sync.binding.Binder;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shredzone.acme4j.toolbox.AcmeUtils;

/** A control plane, a node and a certificate authority, each over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AutoCertificateTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private Path folder;
    private int port;
    private int edgePort;
    private AcmeServer authority;
    private ControlPlane controlPlane;
    private EdgeNode node;
    private String token;

    @BeforeAll
    void start(@TempDir Path data) throws IOException, GeneralSecurityException {
        folder = data;
        authority = new AcmeServer(() -> edgePort);
        Files.writeString(folder.resolve("ca.pem"), authority.transportAuthority());
        Files.writeString(folder.resolve("eab"), Jws.encode(AcmeServer.EAB_KEY));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        startControlPlane();
        token = Files.readString(folder.resolve("control/admin-token")).strip();
        String nodeToken = call("POST", "/v1/node-tokens", "{\"node\": \"n\"}")
                .body()
                .path("token")
                .textValue();
        node = join(EdgeNode.start(Binder.standard()
                .bindText("""
                        node: n
                        warmUp: 0s
                        http: {listen: "127.0.0.1:0"}
                        https: {listen: "127.0.0.1:0"}
                        admin: {listen: "127.0.0.1:0"}
                        controlPlane: {urls: ["http://127.0.0.1:%d"], token: "%s"}
                        data: "%s"
                        cache: {memoryBytes: 64MiB, diskBytes: 512MiB}
                        functions: {spareHosts: 0}
                        """.formatted(port, nodeToken, folder.resolve("node")), NodeConfig.class)
                .orThrow()));
        edgePort = node.httpPort();
    }

    private void startControlPlane() {
        controlPlane = join(ControlPlane.start(Binder.standard()
                .bindText(
                        """
                        listen: "127.0.0.1:%d"
                        data: "%s"
                        functions: {spareHosts: 0}
                        acme:
                          directory: "%s"
                          termsAgreed: true
                          contacts: ["mailto:ops@example.com"]
                          caFile: "%s"
                          eabKeyId: %s
                          eabKeyFile: "%s"
                        """.formatted(
                                        port,
                                        folder.resolve("control"),
                                        authority.directory(),
                                        folder.resolve("ca.pem"),
                                        AcmeServer.EAB_KEY_ID,
                                        folder.resolve("eab")),
                        ControlPlaneConfig.class)
                .orThrow()));
    }

    @AfterAll
    void stop() {
        join(node.close());
        join(controlPlane.close());
        authority.close();
        http.close();
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private record Answer(int status, JsonNode body) {}

    private Answer call(String method, String path, String body) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", body.startsWith("site:") ? "application/yaml" : "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), Jws.JSON.readTree(answer.body()));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void publish(String site, String... hosts) {
        String document = """
                site: %s
                hosts: [%s]
                tls: {certificate: auto, redirectHttp: true}
                pools: {app: {origins: [{url: "http://127.0.0.1:9"}]}}
                rules: [{name: closed, do: [{deny: {status: 403}}]}]
                """.formatted(site, String.join(", ", hosts));
        assertThat(call("PUT", "/v1/sites/" + site, document).status()).isIn(200, 201);
    }

    private JsonNode certificate(String site) {
        return call("GET", "/v1/sites/" + site + "/status", "").body().path("certificate");
    }

    private void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void awaitState(String site, String state) {
        await(
                site + " is " + state,
                () -> certificate(site).path("state").asText().equals(state));
    }

    /** What a client that believes the authority is shown for a name; fails when it does not believe. */
    private X509Certificate handshake(String host) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", authority.root());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.ofLiteral("127.0.0.1"), node.httpsPort())) {
            socket.setSoTimeout(10_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** Whether a client believes what it is shown, and how long that will last. */
    private boolean believed(String host, Duration atLeast) {
        try {
            return handshake(host)
                    .getNotAfter()
                    .toInstant()
                    .isAfter(Instant.now().plus(atLeast));
        } catch (SSLException e) {
            return false;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSiteIsServedWithACertificateThatIsRenewedInTimeAndGoesWithIt() throws IOException, GeneralSecurityException {
        // The first one has two thirds of its life behind it when it is issued.
        authority.age = Duration.ofMinutes(70);
        authority.life = Duration.ofMinutes(100);
        publish("shop", "shop.example", "www.shop.example", "shop.localhost");
        await("the first certificate", () -> believed("shop.example", Duration.ZERO));
        X509Certificate first = handshake("shop.example");
        assertThat(first.getSubjectAlternativeNames().stream()
                        .map(name -> String.valueOf(name.get(1)))
                        .toList())
                .containsExactlyInAnyOrder("shop.example", "www.shop.example");
        authority.age = Duration.ofMinutes(1);
        authority.life = Duration.ofDays(90);
        await("the renewed certificate", () -> believed("www.shop.example", Duration.ofDays(80)));
        assertThat(handshake("shop.example").getSerialNumber()).isNotEqualTo(first.getSerialNumber());
        awaitState("shop", "issued");
        assertThat(certificate("shop").path("nextAt").textValue())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(54)).toString(),
                        Instant.now().plus(Duration.ofDays(60)).toString());
        assertThat(authority.answers).allSatisfy(answer -> assertThat(answer).contains("HTTP/1.1 200"));
        // What is not in force goes the way of every other request, here into the redirect.
        String token =
                authority.answers.getFirst().replaceFirst("(?s).*\r\n\r\n", "").replaceFirst("\\..*", "");
        await("the end of the challenge", () -> {
            try {
                return authority
                        .fetch("shop.example", "/.well-known/acme-challenge/" + token)
                        .startsWith("HTTP/1.1 308");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(call("PUT", "/v1/certificates/auto-mine", "{\"chain\": \"x\", \"key\": \"y\"}")
                        .status())
                .isEqualTo(400);
        assertThat(call("GET", "/v1/certificates", "").body().path("items").findValuesAsText("name"))
                .contains("auto-shop");
        assertThat(call("DELETE", "/v1/certificates/auto-shop", "").status()).isEqualTo(409);
        assertThat(call("GET", "/v1/audit", "").body().toString())
                .contains("had certificate auto-shop made for shop.example, www.shop.example");
        assertThat(call("DELETE", "/v1/sites/shop", "").status()).isEqualTo(204);
        assertThat(call("GET", "/v1/certificates/auto-shop", "").status()).isEqualTo(404);
    }

    @Test
    void whatTheAuthorityRefusesIsToldAndTriedAgainLater() throws IOException, InterruptedException {
        authority.disbelieved.add("bad.example");
        publish("bad", "bad.example");
        awaitState("bad", "failed");
        JsonNode told = certificate("bad");
        assertThat(told.path("reason").textValue())
                .contains("the authority could not see that bad.example is yours", "the answer was not the right one");
        assertThat(told.path("failures").intValue()).isEqualTo(1);
        assertThat(told.path("nextAt").textValue())
                .isGreaterThan(Instant.now().plus(Duration.ofMinutes(13)).toString());
        assertThat(call("GET", "/v1/audit", "").body().toString())
                .contains("could not have a certificate made for site bad");
        await("the metric", () -> metrics().contains("verge_acme_failing 1.0"));
        assertThat(metrics()).contains("verge_acme_orders_total{outcome=\"failed\"}");
        // Other hosts are another matter: nothing waits.
        publish("bad", "good.example");
        awaitState("bad", "issued");
    }

    private String metrics() {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private List<X509Certificate> issued(String host) {
        return authority.issued.stream()
                .filter(each -> each.getSubjectX500Principal().getName().equals("CN=" + host))
                .toList();
    }

    @Test
    void aCertificateIsReplacedWhenTheAuthorityWantsItEarly() throws IOException, GeneralSecurityException {
        authority.hurry.set(1);
        publish("early", "early.example");
        await("two certificates", () -> issued("early.example").size() == 2);
        awaitState("early", "issued");
        assertThat(authority.replacements)
                .as("the order says what it replaces")
                .contains(AcmeUtils.getRenewalUniqueIdentifier(
                        issued("early.example").getFirst()))
                .doesNotContain(AcmeUtils.getRenewalUniqueIdentifier(
                        issued("early.example").getLast()));
        await("one at the node", () -> believed("early.example", Duration.ofDays(80)));
        await("the second one", () -> {
            try {
                return handshake("early.example").equals(issued("early.example").getLast());
            } catch (IOException | GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(certificate("early").path("nextAt").textValue())
                .isGreaterThan(Instant.now().plus(Duration.ofDays(50)).toString());
    }

    @Test
    void anOrderSurvivesARestartOfTheControlPlane() throws IOException, GeneralSecurityException {
        authority.holding = true;
        publish("slow", "slow.example");
        await("the challenge", () -> authority.challenged.contains("slow.example"));
        assertThat(certificate("slow").path("state").textValue()).isEqualTo("ordering");
        join(controlPlane.close());
        startControlPlane();
        authority.holding = false;
        awaitState("slow", "issued");
        await("the node", () -> believed("slow.example", Duration.ZERO));
        assertThat(handshake("slow.example").getSubjectX500Principal().getName())
                .isEqualTo("CN=slow.example");
        assertThat(authority.ordered).containsOnlyOnce(List.of("slow.example"));
    }
}
