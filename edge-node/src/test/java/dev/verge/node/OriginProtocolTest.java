package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.RawClient.Answer;
import dev.verge.node.tls.OwnCertificate;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 and TLS towards origins. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginProtocolTest {
    private final Set<HttpConnection> clear = ConcurrentHashMap.newKeySet();
    private Installation installation;
    private HttpServer both;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        installation = new Installation(data, "");
        OwnCertificate own = OwnCertificate.in(data.resolve("origin"), Instant.now());
        OwnCertificate other = OwnCertificate.in(data.resolve("other"), Instant.now());
        PemKeyCertOptions keys = new PemKeyCertOptions()
                .setCertPath(own.chain().toString())
                .setKeyPath(own.key().toString());
        both = Installation.await(installation
                .vertx
                .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(true))
                .connectionHandler(clear::add)
                .requestHandler(OriginProtocolTest::answer)
                .listen(0, "127.0.0.1"));
        HttpServer tls = Installation.await(installation
                .vertx
                .createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setSni(true)
                        .setUseAlpn(true)
                        .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                        .setKeyCertOptions(keys))
                .requestHandler(OriginProtocolTest::answer)
                .listen(0, "127.0.0.1"));
        HttpServer oldTls = Installation.await(installation
                .vertx
                .createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(keys))
                .requestHandler(OriginProtocolTest::answer)
                .listen(0, "127.0.0.1"));
        String ca = "ca: " + yaml(own);
        installation.publish(
                """
                site: shop
                hosts: [shop.example]
                defaultPool: plain
                pools:
                  plain: {origins: [{url: "http://127.0.0.1:%1$d"}]}
                  h2c: {origins: [{url: "http://127.0.0.1:%1$d", protocol: h2c}]}
                  default: {origins: [{url: "https://127.0.0.1:%2$d", tls: {%4$s}}]}
                  auto: {origins: [{url: "https://127.0.0.1:%2$d", protocol: auto, tls: {%4$s}}]}
                  auto-old: {origins: [{url: "https://127.0.0.1:%3$d", protocol: auto, tls: {%4$s}}]}
                  h2: {origins: [{url: "https://127.0.0.1:%2$d", protocol: h2, tls: {%4$s}}]}
                  h2-old: {origins: [{url: "https://127.0.0.1:%3$d", protocol: h2, tls: {%4$s}}]}
                  sni: {origins: [{url: "https://127.0.0.1:%2$d", tls: {sni: origin.localhost, %4$s}}]}
                  wrong-name: {origins: [{url: "https://127.0.0.1:%2$d", tls: {sni: shop.example, %4$s}}]}
                  wrong-ca: {origins: [{url: "https://127.0.0.1:%2$d", tls: {ca: %5$s}}]}
                  no-ca: {origins: [{url: "https://127.0.0.1:%2$d"}]}
                  trusting: {origins: [{url: "https://127.0.0.1:%2$d", tls: {sni: shop.example, verify: false}}]}
                rules:
                %6$s""".formatted(both.actualPort(), tls.actualPort(), oldTls.actualPort(), ca, yaml(other), rules()));
    }

    private static String rules() {
        StringBuilder rules = new StringBuilder();
        for (String pool : List.of(
                "plain",
                "h2c",
                "default",
                "auto",
                "auto-old",
                "h2",
                "h2-old",
                "sni",
                "wrong-name",
                "wrong-ca",
                "no-ca",
                "trusting")) {
            rules.append("  - {name: %1$s, when: {path: \"/%1$s\"}, do: [{pool: %1$s}]}\n".formatted(pool));
        }
        return rules.toString();
    }

    private static String yaml(OwnCertificate certificate) throws java.io.IOException {
        return '"' + Files.readString(certificate.chain()).replace("\n", "\\n") + '"';
    }

    private static void answer(HttpServerRequest request) {
        var response = request.response();
        response.putHeader("cache-control", "no-store")
                .putHeader("x-version", request.version().name())
                .putHeader("x-authority", String.valueOf(request.authority()))
                .putHeader("x-sni", String.valueOf(request.connection().indicatedServerName()))
                .putHeader("x-te", String.valueOf(request.getHeader("te")));
        if (request.version() == HttpVersion.HTTP_2) {
            response.putTrailer("grpc-status", "0");
        }
        if (request.method().equals(HttpMethod.POST)) {
            response.putHeader("content-type", "application/grpc");
            request.body().onSuccess(body -> response.end(body));
        } else {
            response.end("content");
        }
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    private Answer get(String path) {
        return RawClient.get(installation.node().httpPort(), "shop.example", path);
    }

    @Test
    void theProtocolIsWhatTheDocumentSaysAndHttp1WithoutAWord() {
        assertThat(get("/plain").field("x-version")).isEqualTo("HTTP_1_1");
        assertThat(get("/default").field("x-version")).isEqualTo("HTTP_1_1");
        assertThat(get("/h2c").field("x-version")).isEqualTo("HTTP_2");
        assertThat(get("/auto").field("x-version")).isEqualTo("HTTP_2");
        assertThat(get("/auto-old").field("x-version")).isEqualTo("HTTP_1_1");
        assertThat(get("/h2").field("x-version")).isEqualTo("HTTP_2");
        assertThat(get("/h2-old").status()).isIn(502, 503);
        assertThat(get("/h2c").field("x-authority")).startsWith("shop.example");
        assertThat(get("/h2c").body()).isEqualTo("content");
    }

    @Test
    void certificatesAreVerifiedByNameAndPinnedAuthority() {
        assertThat(get("/default").status()).isEqualTo(200);
        assertThat(get("/sni").field("x-sni")).isEqualTo("origin.localhost");
        for (String bad : List.of("/wrong-name", "/wrong-ca", "/no-ca")) {
            Answer answer = get(bad);
            assertThat(answer.status()).as(bad).isEqualTo(502);
            assertThat(answer.field("proxy-status")).as(bad).isEqualTo("verge; error=tls_certificate_error");
        }
        assertThat(get("/trusting").status()).isEqualTo(200);
    }

    @Test
    void manyRequestsShareFewConnections() {
        clear.clear();
        HttpClient client = h2();
        List<Future<Integer>> all = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> client.request(
                                HttpMethod.GET, installation.node().httpPort(), "127.0.0.1", "/h2c?" + i)
                        .compose(request -> request.authority(io.vertx.core.net.HostAndPort.create("shop.example", 80))
                                .send())
                        .compose(answer -> answer.body().map(body -> answer.statusCode())))
                .toList();
        assertThat(Installation.await(Future.all(all)).<Integer>list()).containsOnly(200);
        // Every event loop has its own.
        assertThat(clear.size()).isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors() * 2);
        Installation.await(client.close());
    }

    @Test
    void trailersPassFromHttp2ToHttp2() {
        HttpClient client = h2();
        HttpClientResponse answer = Installation.await(client.request(
                        HttpMethod.POST, installation.node().httpPort(), "127.0.0.1", "/h2c")
                .compose(request -> request.authority(io.vertx.core.net.HostAndPort.create("shop.example", 80))
                        .putHeader("content-type", "application/grpc")
                        .putHeader("te", "trailers")
                        .send(Buffer.buffer("message")))
                .compose(received -> received.body().map(body -> {
                    assertThat(body.toString()).isEqualTo("message");
                    return received;
                })));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.getHeader("x-te")).isEqualTo("trailers");
        assertThat(answer.getTrailer("grpc-status")).isEqualTo("0");
        Installation.await(client.close());
    }

    private HttpClient h2() {
        return installation.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
    }
}
