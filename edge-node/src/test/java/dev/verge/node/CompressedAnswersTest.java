package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.node.compress.Decoded;
import dev.verge.sync.log.PurgeTarget;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompressedAnswersTest {
    private static final String PAGE = "<p>A page of lines that look alike.</p>\n".repeat(500);
    private static final String LONG = "long enough ".repeat(100);

    private Installation installation;
    private TextOrigin origin;
    private RawOrigin breaking;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "");
        origin = new TextOrigin(installation.vertx);
        breaking = new RawOrigin((socket, out) -> {
            out.write(("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncache-control: max-age=60\r\n"
                            + "content-length: 400000\r\n\r\n" + noise())
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        });
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools:
                  app: {origins: [{url: "http://127.0.0.1:%d"}]}
                  breaking: {origins: [{url: "http://127.0.0.1:%d"}], retries: {attempts: 1}}
                defaultPool: app
                rules:
                  - {name: plain, when: {path: "/plain/*"}, do: [{pool: app}]}
                  - {name: all, continue: true, do: [{compress: true}]}
                  - {name: not, when: {path: "/taken-back"}, do: [{compress: false}]}
                  - {name: breaking, when: {path: "/breaking"}, do: [{pool: breaking}]}
                  - {name: fixed, when: {path: "/fixed"}, do: [{respond: {status: 200, headers: {Content-Type: text/plain}, body: "%s"}}]}
                  - {name: denied, when: {path: "/denied"}, do: [{deny: {status: 403}}]}
                errorPages: {"403": {html: "<h1>no</h1>%s"}}
                """.formatted(origin.port(), breaking.port(), LONG, LONG));
    }

    @AfterAll
    void stop() {
        installation.close();
        breaking.close();
    }

    @Test
    void eachCodingIsMadeOnceAndServedFromTheCache() {
        origin.put("/page", PAGE, "content-type", "text/html", "cache-control", "max-age=60", "etag", "\"v1\"");
        Map<String, String> accepted = Map.of(
                "gzip, deflate, br, zstd", "br", "zstd, gzip", "zstd", "gzip;q=0.5, br;q=0.1", "gzip", "identity", "");

        accepted.forEach((field, coding) -> {
            HttpResponse<byte[]> first = get("/page", "Accept-Encoding", field);
            HttpResponse<byte[]> second = get("/page", "Accept-Encoding", field);

            for (HttpResponse<byte[]> each : List.of(first, second)) {
                assertThat(header(each, "content-encoding")).isEqualTo(coding);
                assertThat(text(each)).isEqualTo(PAGE);
                assertThat(header(each, "vary")).isEqualTo("Accept-Encoding");
                assertThat(header(each, "etag")).isEqualTo(coding.isEmpty() ? "\"v1\"" : "W/\"v1\"");
            }
            assertThat(Installation.cacheStatus(second)).startsWith("verge; hit;");
            assertThat(header(second, "content-length")).isEqualTo(Integer.toString(first.body().length));
            if (!coding.isEmpty()) {
                assertThat(first.body().length).isLessThan(PAGE.length() / 10);
            }
        });
        // Worded otherwise, the same variants.
        assertThat(Installation.cacheStatus(get("/page", "Accept-Encoding", "br")))
                .startsWith("verge; hit;");
        assertThat(Installation.cacheStatus(get("/page"))).startsWith("verge; hit;");
        assertThat(origin.asked("/page"))
                .containsExactlyInAnyOrder("GET /page br", "GET /page zstd", "GET /page gzip", "GET /page identity");
        HttpResponse<String> metrics = installation.send(
                HttpRequest.newBuilder(installation.admin("/metrics")).build());
        assertThat(metrics.body())
                .containsPattern("verge_compression_bytes_total\\{coding=\"br\",side=\"in\"\\} [1-9]")
                .containsPattern("verge_compression_bytes_total\\{coding=\"zstd\",side=\"out\"\\} [1-9]");
    }

    @Test
    void conditionsHoldForWhatIsCoded() {
        origin.put("/tagged", PAGE, "content-type", "text/css", "cache-control", "max-age=60", "etag", "\"t\"");
        get("/tagged", "Accept-Encoding", "br");

        HttpResponse<byte[]> weak = get("/tagged", "Accept-Encoding", "br", "If-None-Match", "W/\"t\"");
        HttpResponse<byte[]> strong = get("/tagged", "Accept-Encoding", "br", "If-None-Match", "\"t\"");
        HttpResponse<byte[]> other = get("/tagged", "Accept-Encoding", "br", "If-None-Match", "\"u\"");

        assertThat(weak.statusCode()).isEqualTo(304);
        assertThat(header(weak, "etag")).isEqualTo("W/\"t\"");
        assertThat(header(weak, "vary")).isEqualTo("Accept-Encoding");
        assertThat(strong.statusCode()).isEqualTo(304);
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(origin.asked("/tagged")).hasSize(1);
    }

    @Test
    void aCodedAnswerIsRevalidatedAndStaysAsItIs() {
        origin.put(
                "/again",
                PAGE,
                "content-type",
                "text/html",
                "cache-control",
                "no-cache",
                "etag",
                "\"a\"",
                "vary",
                "Origin");
        get("/again", "Accept-Encoding", "zstd");

        HttpResponse<byte[]> second = get("/again", "Accept-Encoding", "zstd");
        HttpResponse<byte[]> third = get("/again", "Accept-Encoding", "zstd");

        assertThat(text(third)).isEqualTo(PAGE);
        assertThat(header(third, "content-encoding")).isEqualTo("zstd");
        assertThat(header(third, "etag")).isEqualTo("W/\"a\"");
        assertThat(header(third, "vary")).isEqualTo("Origin, Accept-Encoding");
        assertThat(Installation.cacheStatus(second)).contains("fwd-status=304");
        assertThat(origin.asked("/again"))
                .containsExactly("GET /again zstd", "GET /again zstd W/\"a\"", "GET /again zstd W/\"a\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
                small        | text/plain               | short | cache-control   | max-age=60
                picture      | image/png                | long  | cache-control   | max-age=60
                no-transform | text/plain               | long  | cache-control   | max-age=60, No-Transform
                digest       | text/plain               | long  | content-digest  | sha-256=:AAAA:
                signed       | application/json         | long  | signature-input | sig1=("content-digest")
                coded        | application/wasm         | long  | content-encoding | x-own
                plain/page   | text/plain               | long  | cache-control   | max-age=60
                taken-back   | text/plain               | long  | cache-control   | max-age=60
                """)
    void leavesAsItIs(String path, String type, String length, String name, String value) {
        String content = length.equals("long") ? LONG : "short";
        origin.put("/" + path, content, "content-type", type, "etag", "\"s\"", name, value);

        HttpResponse<byte[]> answer = get("/" + path, "Accept-Encoding", "gzip, br");

        assertThat(header(answer, "content-encoding")).isEqualTo(name.equals("content-encoding") ? value : "");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(content);
        assertThat(header(answer, "etag")).isEqualTo("\"s\"");
        assertThat(header(answer, "content-length")).isEqualTo(Integer.toString(content.length()));
        assertThat(header(answer, "vary")).isEqualTo(name.equals("content-encoding") ? "Accept-Encoding" : "");
        boolean compresses = !path.equals("plain/page") && !path.equals("taken-back");
        assertThat(origin.asked("/" + path)).containsExactly("GET /" + path + (compresses ? " br" : " gzip, br"));
    }

    @Test
    void whatIsNotCompressibleIsStoredOnceForAll() {
        origin.put("/icon", LONG, "content-type", "image/webp", "cache-control", "max-age=60");

        get("/icon", "Accept-Encoding", "br");

        assertThat(Installation.cacheStatus(get("/icon", "Accept-Encoding", "gzip")))
                .startsWith("verge; hit;");
        assertThat(Installation.cacheStatus(get("/icon"))).startsWith("verge; hit;");
    }

    @Test
    void aRequestThatForbidsTransformingGetsWhatTheOriginSends() {
        origin.put("/mine", LONG, "content-type", "text/plain", "etag", "\"m\"");

        HttpResponse<byte[]> answer = get("/mine", "Accept-Encoding", "br", "Cache-Control", "no-transform");

        assertThat(header(answer, "content-encoding")).isEmpty();
        assertThat(header(answer, "etag")).isEqualTo("\"m\"");
    }

    @Test
    void aHeadSaysWhatAGetWould() {
        origin.put("/head", PAGE, "content-type", "text/html", "cache-control", "max-age=60", "etag", "\"h\"");

        HttpResponse<byte[]> before = head("/head");
        HttpResponse<byte[]> got = get("/head", "Accept-Encoding", "br");
        HttpResponse<byte[]> after = head("/head");

        for (HttpResponse<byte[]> each : List.of(before, after)) {
            assertThat(header(each, "content-encoding")).isEqualTo("br");
            assertThat(header(each, "etag")).isEqualTo("W/\"h\"");
            assertThat(header(each, "vary")).isEqualTo("Accept-Encoding");
        }
        assertThat(header(before, "content-length")).isEmpty();
        assertThat(header(after, "content-length")).isEqualTo(Integer.toString(got.body().length));
        assertThat(Installation.cacheStatus(after)).startsWith("verge; hit;");
    }

    @Test
    void rangesAreOfTheUncompressedContent() {
        origin.put("/range", PAGE, "content-type", "text/html", "cache-control", "max-age=60", "etag", "\"r\"");
        get("/range", "Accept-Encoding", "br");

        HttpResponse<byte[]> part = get("/range", "Accept-Encoding", "br", "Range", "bytes=3-8");
        HttpResponse<byte[]> other =
                get("/range", "Accept-Encoding", "br", "Range", "bytes=3-8", "If-Range", "W/\"r\"");
        HttpResponse<byte[]> insists = get("/range", "Accept-Encoding", "br, identity;q=0", "Range", "bytes=3-8");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(header(part, "content-encoding")).isEmpty();
        assertThat(header(part, "etag")).isEqualTo("\"r\"");
        assertThat(new String(part.body(), StandardCharsets.UTF_8)).isEqualTo(PAGE.substring(3, 9));
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(text(other)).isEqualTo(PAGE);
        assertThat(insists.statusCode()).isEqualTo(200);
        assertThat(header(insists, "content-encoding")).isEqualTo("br");
        assertThat(text(insists)).isEqualTo(PAGE);
    }

    @Test
    void aPurgeDropsEveryCoding() {
        origin.put("/purged", PAGE, "content-type", "text/html", "cache-control", "max-age=60");
        List<String> fields = List.of("br", "zstd", "gzip", "identity");
        fields.forEach(field -> get("/purged", "Accept-Encoding", field));

        installation.purge(new PurgeTarget.Urls(List.of("/purged")), false);

        fields.forEach(field -> assertThat(Installation.cacheStatus(get("/purged", "Accept-Encoding", field)))
                .contains("fwd="));
        assertThat(origin.asked("/purged")).hasSize(8);
    }

    @ParameterizedTest
    @CsvSource({"br", "zstd", "gzip"})
    void anOriginThatBreaksOffNeverLooksComplete(String coding) {
        int before = breaking.heads.size();

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> installation.client.send(
                            installation
                                    .request("/breaking", "Accept-Encoding", coding)
                                    .build(),
                            BodyHandlers.ofByteArray()))
                    .isInstanceOf(IOException.class);
        }

        // Nothing of it was kept. A client that has seen no byte of an answer may ask once more by itself.
        assertThat(breaking.heads.size()).isGreaterThanOrEqualTo(before + 2);
    }

    @Test
    void anEventStreamIsNeitherCompressedNorHeldUp() throws Exception {
        origin.putSlow("/events", "data: one\n\n", "content-type", "text/event-stream");

        HttpResponse<InputStream> events = open("/events");

        assertThat(header(events, "content-encoding")).isEmpty();
        assertThat(header(events, "vary")).isEmpty();
        try (InputStream body = events.body()) {
            assertThat(new String(body.readNBytes(11), StandardCharsets.UTF_8)).isEqualTo("data: one\n\n");
        }
    }

    @Test
    void aSlowPageShowsWhatHasCome() throws Exception {
        origin.putSlow("/slow", "<p>first", "content-type", "text/html");

        HttpResponse<InputStream> page = open("/slow");

        String coding = header(page, "content-encoding");
        assertThat(coding).isEqualTo("br");
        ByteArrayOutputStream come = new ByteArrayOutputStream();
        try (InputStream body = page.body()) {
            while (!new String(Decoded.begun(coding, come.toByteArray()), StandardCharsets.UTF_8).equals("<p>first")) {
                int next = body.read();
                assertThat(next).as("goes on").isNotNegative();
                come.write(next);
            }
        }
    }

    @Test
    void longContentComesWhole() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            lines.append("line ").append(i * 7919L % 100_003).append('\n');
        }
        origin.put("/long", lines.toString(), "content-type", "text/plain", "cache-control", "max-age=60");

        for (String coding : List.of("br", "zstd", "gzip")) {
            assertThat(text(get("/long", "Accept-Encoding", coding))).isEqualTo(lines.toString());
            assertThat(text(get("/long", "Accept-Encoding", coding))).isEqualTo(lines.toString());
        }
    }

    @Test
    void fixedAnswersAndErrorPagesAreCompressedToo() {
        HttpResponse<byte[]> fixed = get("/fixed", "Accept-Encoding", "gzip");
        HttpResponse<byte[]> error = get("/denied", "Accept-Encoding", "zstd", "Accept", "text/html");

        assertThat(header(fixed, "content-encoding")).isEqualTo("gzip");
        assertThat(header(fixed, "vary")).isEqualTo("Accept-Encoding");
        assertThat(header(fixed, "content-length")).isEqualTo(Integer.toString(fixed.body().length));
        assertThat(text(fixed)).isEqualTo(LONG);
        assertThat(error.statusCode()).isEqualTo(403);
        assertThat(header(error, "content-encoding")).isEqualTo("zstd");
        assertThat(text(error)).isEqualTo("<h1>no</h1>" + LONG);
    }

    @Test
    void http2ClientsGetTheSame() {
        origin.put("/h2", PAGE, "content-type", "application/javascript", "cache-control", "max-age=60");
        var client = installation.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));

        for (int i = 0; i < 2; i++) {
            Buffer body = Installation.await(client.request(
                            HttpMethod.GET, installation.node().httpPort(), "127.0.0.1", "/h2")
                    .map(request -> request.putHeader("accept-encoding", "br"))
                    .compose(HttpClientRequest::send)
                    .compose(response -> {
                        assertThat(response.version()).isEqualTo(HttpVersion.HTTP_2);
                        assertThat(response.getHeader("content-encoding")).isEqualTo("br");
                        return response.body();
                    }));
            assertThat(new String(Decoded.of("br", body.getBytes()), StandardCharsets.UTF_8))
                    .isEqualTo(PAGE);
        }
    }

    /** Bytes that no encoder keeps back, 200,000 of them. */
    private static String noise() {
        byte[] bytes = new byte[200_000];
        new Random(1).nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private HttpResponse<byte[]> get(String path, String... fields) {
        return send(installation.request(path, fields).build());
    }

    private HttpResponse<byte[]> head(String path) {
        return send(installation
                .request(path, "Accept-Encoding", "br")
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private HttpResponse<InputStream> open(String path) throws IOException, InterruptedException {
        return installation.client.send(
                installation.request(path, "Accept-Encoding", "br").build(), BodyHandlers.ofInputStream());
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return installation.client.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError("no answer to " + request.uri() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return String.join(", ", response.headers().allValues(name));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(Decoded.of(header(response, "content-encoding"), response.body()), StandardCharsets.UTF_8);
    }
}
