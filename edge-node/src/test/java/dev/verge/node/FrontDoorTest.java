package dev.verge.node;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrontDoorTest {
    private final WireMockServer origin = new WireMockServer(options().dynamicPort());
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        origin.start();
        installation = new Installation(data, "publicPorts: {http: 80, https: 443}\nlimits: {bodyBytes: 1KiB}");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1, shop.example, "*.wild.example"]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                rules:
                  - {name: gone, when: {path: /gone}, do: [{respond: {status: 410, body: "gone"}}]}
                  - {name: moved, when: {path: /moved}, do: [{redirect: {to: "/new", status: 301}}]}
                  - {name: no, when: {path: /no}, do: [{deny: {status: 403}}]}
                  - {name: often, when: {path: /often}, do: [{rateLimit: {requests: 1, per: 1m, burst: 1, by: client-ip}}]}
                  - {name: mark, when: {path: /**}, do: [{setResponseHeader: {X-Mark: "${host}"}}]}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.stop();
    }

    @BeforeEach
    void reset() {
        origin.resetAll();
        origin.stubFor(any(anyUrl())
                .willReturn(aResponse().withHeader("Cache-Control", "no-store").withBody("ok")));
    }

    @Test
    void refusesAHostThatIsNotServed() {
        assertThat(raw("GET / HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
    }

    @Test
    void findsASiteByWildcardAndWhateverThePortSays() {
        assertThat(raw("GET / HTTP/1.1\r\nHost: A.B.wild.example:99\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(raw("GET / HTTP/1.1\r\nHost: wild.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
    }

    @Test
    void refusesWhatCannotBeUnderstood() {
        assertThat(raw("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: shop.example\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(raw("CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
        assertThat(raw("TRACE / HTTP/1.1\r\nHost: shop.example\r\n\r\n")).startsWith("HTTP/1.1 405 ");
        assertThat(raw("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: shop.example\r\n\r\n"))
                .contains(" 414 ");
        assertThat(raw("GET / HTTP/1.1\r\nHost: shop.example\r\nX: " + "x".repeat(40_000) + "\r\n\r\n"))
                .contains(" 431 ");
    }

    @Test
    void refusesALoopButLetsOtherInstallationsThrough() {
        installation.get("/first");
        String hop = onlyRequest().getHeader("CDN-Loop");
        assertThat(hop).startsWith("verge; id=");

        assertThat(installation.get("/", "CDN-Loop", hop).statusCode()).isEqualTo(508);
        assertThat(installation.get("/", "CDN-Loop", "verge; id=another, cdn77").statusCode())
                .isEqualTo(200);
    }

    @Test
    void tellsTheOriginWhereTheRequestCameFrom() {
        installation.get(
                "/fields?a=1",
                "X-Forwarded-For",
                "6.6.6.6",
                "Forwarded",
                "for=6.6.6.6",
                "X-Request-Id",
                "forged",
                "X-Custom",
                "kept",
                "Verge-Debug",
                "1");

        LoggedRequest seen = onlyRequest();
        assertThat(seen.getUrl()).isEqualTo("/fields?a=1");
        assertThat(seen.getHeader("Host")).isEqualTo("127.0.0.1");
        assertThat(seen.getHeader("X-Forwarded-For")).isEqualTo("127.0.0.1");
        assertThat(seen.getHeader("X-Forwarded-Proto")).isEqualTo("http");
        assertThat(seen.getHeader("X-Forwarded-Host")).isEqualTo("127.0.0.1");
        assertThat(seen.getHeader("Forwarded")).isEqualTo("for=127.0.0.1;host=\"127.0.0.1\";proto=http");
        assertThat(seen.getHeader("Via")).isEqualTo("1.1 verge");
        assertThat(seen.getHeader("X-Request-Id")).isNotEqualTo("forged").hasSize(32);
        assertThat(seen.getHeader("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
        assertThat(seen.getHeader("X-Custom")).isEqualTo("kept");
        assertThat(seen.containsHeader("Verge-Debug")).isFalse();
    }

    @Test
    void dropsFieldsOfOneHopBothWays() {
        origin.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withHeader("Connection", "X-Secret")
                        .withHeader("X-Secret", "inner")
                        .withHeader("X-Open", "yes")
                        .withHeader("Cache-Control", "no-store")));

        String answer = raw(String.join(
                "\r\n",
                "GET /hop HTTP/1.1",
                "Host: shop.example",
                "Connection: close, X-Private",
                "X-Private: 1",
                "TE: trailers",
                "Keep-Alive: 5",
                "",
                ""));

        LoggedRequest seen = onlyRequest();
        assertThat(seen.containsHeader("X-Private")).isFalse();
        assertThat(seen.containsHeader("TE")).isFalse();
        assertThat(seen.containsHeader("Keep-Alive")).isFalse();
        assertThat(answer).contains("X-Open: yes").doesNotContain("X-Secret");
    }

    @Test
    void carriesOutRules() {
        HttpResponse<String> gone = installation.get("/gone");
        assertThat(gone.statusCode()).isEqualTo(410);
        assertThat(gone.body()).isEqualTo("gone");
        assertThat(gone.headers().firstValue("x-mark")).contains("127.0.0.1");
        assertThat(installation.get("/moved").headers().firstValue("location")).contains("/new");
        assertThat(installation.get("/no").statusCode()).isEqualTo(403);
        assertThat(installation.get("/often").statusCode()).isEqualTo(200);
        HttpResponse<String> limited = installation.get("/often");
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("retry-after")).isPresent();
    }

    @Test
    void boundsRequestBodies() {
        HttpResponse<String> small = installation.send(installation
                .request("/post")
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(1000)))
                .build());
        String large =
                raw("POST /post HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 5000\r\n\r\n" + "x".repeat(5000));

        assertThat(small.statusCode()).isEqualTo(200);
        assertThat(onlyRequest().getBodyAsString()).hasSize(1000);
        assertThat(large).startsWith("HTTP/1.1 413 ");
    }

    @Test
    void keepsTheConnectionUsableAfterEachAnswer() throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort())) {
            String next = "\r\nHost: shop.example\r\n\r\n";
            RawOrigin.write(
                    socket.getOutputStream(),
                    String.join(
                            next,
                            "GET /gone HTTP/1.1",
                            "GET /no HTTP/1.1",
                            "GET /last HTTP/1.1\r\nConnection: close",
                            ""));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(answers)
                    .contains("HTTP/1.1 410 ")
                    .contains("HTTP/1.1 403 ")
                    .contains("HTTP/1.1 200 ");
        }
    }

    @Test
    void speaksHttp2OverTlsAndInTheClear() {
        HttpClientOptions tls = new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setProtocolVersion(HttpVersion.HTTP_2);
        HttpClientOptions clear =
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);

        HttpClientResponse overTls = ask(tls, installation.node().httpsPort());
        assertThat(overTls.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(overTls.statusCode()).isEqualTo(200);
        assertThat(onlyRequest().getHeader("X-Forwarded-Proto")).isEqualTo("https");
        assertThat(onlyRequest().getHeader("Via")).isEqualTo("2 verge");
        HttpClientResponse inTheClear = ask(clear, installation.node().httpPort());
        assertThat(inTheClear.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(inTheClear.statusCode()).isEqualTo(200);
        HttpClientResponse h1OverTls = ask(
                new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false),
                installation.node().httpsPort());
        assertThat(h1OverTls.version()).isEqualTo(HttpVersion.HTTP_1_1);
    }

    @Test
    void showsItselfOnTheAdministrationPort() {
        installation.get("/seen");
        HttpResponse<String> ready = installation.send(
                HttpRequest.newBuilder(installation.admin("/readyz")).build());
        String metrics = installation
                .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                .body();
        String config = installation
                .send(HttpRequest.newBuilder(installation.admin("/config")).build())
                .body();

        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(ready.body()).getString("sync")).isEqualTo("current");
        assertThat(metrics)
                .contains("verge_requests_total{")
                .contains("verge_request_duration_seconds_bucket")
                .contains("verge_origin_active{")
                .contains("verge_sync_revision")
                .contains("verge_connections");
        assertThat(config).contains("\"token\" : \"***\"").contains("default/shop");
    }

    private HttpClientResponse ask(HttpClientOptions options, int port) {
        HttpClient client = installation.vertx.createHttpClient(options);
        Future<HttpClientResponse> response = client.request(HttpMethod.GET, port, "127.0.0.1", "/h2")
                .compose(request -> request.send())
                .compose(answer -> answer.body().map(answer))
                .eventually(client::close);
        return Installation.await(response);
    }

    private LoggedRequest onlyRequest() {
        return origin.getAllServeEvents().getFirst().getRequest();
    }

    /** Sends bytes as they are, and reads to the end of the connection. */
    private String raw(String request) {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort())) {
            socket.setSoTimeout(10_000);
            RawOrigin.write(socket.getOutputStream(), request);
            StringBuilder answer = new StringBuilder();
            byte[] piece = new byte[8192];
            for (int n = socket.getInputStream().read(piece);
                    n > 0;
                    n = socket.getInputStream().read(piece)) {
                answer.append(new String(piece, 0, n, StandardCharsets.ISO_8859_1));
            }
            return answer.toString();
        } catch (IOException e) {
            throw new AssertionError(
                    "no end of the answer to " + request.lines().findFirst(), e);
        }
    }
}
