package dev.verge.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A demo origin over real sockets. */
class DemoOriginTest {
    private static final String STYLE = "/css/reveal.css";

    private static Vertx vertx;
    private static HttpServer server;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        server = DemoOrigin.start(vertx, "origin-x", 0).await();
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        client.shutdownNow();
        vertx.close().await();
    }

    @AfterEach
    void makeWell() throws Exception {
        control("{}");
    }

    @Test
    void theSiteHasDozensOfFilesOfEveryKind() {
        assertThat(DemoSite.load().paths())
                .hasSizeGreaterThan(60)
                .contains("/index.html", "/js/reveal.js", STYLE, "/test/examples/assets/image1.png")
                .anyMatch(path -> path.endsWith(".woff"))
                .noneMatch(path -> path.contains("/."));
    }

    @Test
    void theFirstPageIsHtmlAndSaysWhoServedIt() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<!doctype html>");
        assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(page, "X-Demo-Origin")).isEqualTo("origin-x");
        assertThat(header(page, "Cache-Control")).contains("max-age=600").contains("stale-if-error");
    }

    /** Every file the page names in its own markup is there, with a type that browsers accept. */
    @ParameterizedTest
    @CsvSource({
        "/css/reveal.css, text/css; charset=utf-8",
        "/css/theme/black.css, text/css; charset=utf-8",
        "/js/reveal.js, text/javascript; charset=utf-8",
        "/lib/js/head.min.js, text/javascript; charset=utf-8",
        "/lib/font/source-sans-pro/source-sans-pro-regular.woff, font/woff",
        "/test/examples/assets/image1.png, image/png",
        "/test/examples/slide-backgrounds.html, text/html; charset=utf-8",
    })
    void filesHaveTheirMediaType(String path, String type) throws Exception {
        HttpResponse<String> file = get(path);
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(header(file, "Content-Type")).isEqualTo(type);
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws Exception {
        HttpResponse<String> got = get(STYLE);
        HttpResponse<String> headed =
                send(request(STYLE).method("HEAD", BodyPublishers.noBody()).build());
        assertThat(headed.body()).isEmpty();
        assertThat(headed.statusCode()).isEqualTo(200);
        for (String name : new String[] {"Content-Length", "ETag", "Last-Modified", "Content-Type", "Vary"}) {
            assertThat(header(headed, name)).as(name).isNotEmpty().isEqualTo(header(got, name));
        }
    }

    @Test
    void gzipIsNegotiatedAndHasATagOfItsOwn() throws Exception {
        HttpResponse<String> plain = get(STYLE);
        HttpResponse<byte[]> packed =
                client.send(request(STYLE).header("Accept-Encoding", "br, gzip").build(), BodyHandlers.ofByteArray());
        assertThat(header(packed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(packed, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(plain, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(packed.body().length).isLessThan(plain.body().length());
        assertThat(new String(
                        new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes(),
                        StandardCharsets.UTF_8))
                .isEqualTo(plain.body());
        assertThat(header(packed, "ETag")).startsWith("\"").isNotEqualTo(header(plain, "ETag"));
    }

    static Stream<String[]> validators() throws Exception {
        HttpResponse<String> file = get(STYLE);
        String tag = header(file, "ETag");
        String date = header(file, "Last-Modified");
        return Stream.of(
                new String[] {"If-None-Match", tag, "304"},
                new String[] {"If-None-Match", "\"other\", W/" + tag, "304"},
                new String[] {"If-None-Match", "*", "304"},
                new String[] {"If-None-Match", "\"other\"", "200"},
                new String[] {"If-Modified-Since", date, "304"},
                new String[] {"If-Modified-Since", "Mon, 01 Jan 1990 00:00:00 GMT", "200"},
                new String[] {"If-Modified-Since", "yesterday", "200"},
                new String[] {"If-Match", tag, "200"},
                new String[] {"If-Match", "W/" + tag, "412"},
                new String[] {"If-Match", "\"other\"", "412"},
                new String[] {"If-Unmodified-Since", "Mon, 01 Jan 1990 00:00:00 GMT", "412"});
    }

    @ParameterizedTest
    @MethodSource("validators")
    void conditionsAreHeeded(String name, String value, String status) throws Exception {
        HttpResponse<String> answer = send(request(STYLE).header(name, value).build());
        assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(status));
        if (status.equals("304")) {
            assertThat(answer.body()).isEmpty();
            assertThat(header(answer, "ETag")).isEqualTo(header(get(STYLE), "ETag"));
        }
    }

    @Test
    void theTagOutweighsTheDate() throws Exception {
        HttpResponse<String> file = get(STYLE);
        HttpResponse<String> answer = send(request(STYLE)
                .header("If-None-Match", "\"other\"")
                .header("If-Modified-Since", header(file, "Last-Modified"))
                .build());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-9, 206, 0, 10",
        "bytes=10-10, 206, 10, 11",
        "bytes=45000-, 206, 45000, 45149",
        "bytes=-100, 206, 45049, 45149",
        "bytes=0-999999, 206, 0, 45149",
        "bytes=-999999, 206, 0, 45149",
        "bytes=45149-, 416, 0, 0",
        "bytes=-0, 416, 0, 0",
        "bytes=5-2, 200, 0, 45149",
        "bytes=a-b, 200, 0, 45149",
        "'bytes=0-1,5-6', 200, 0, 45149",
        "lines=0-9, 200, 0, 45149",
    })
    void rangesAreCutOutOfTheFile(String range, int status, int from, int to) throws Exception {
        String whole = get(STYLE).body();
        HttpResponse<String> answer = send(request(STYLE).header("Range", range).build());
        assertThat(answer.statusCode()).isEqualTo(status);
        if (status == 416) {
            assertThat(header(answer, "Content-Range")).isEqualTo("bytes */45149");
            return;
        }
        assertThat(answer.body()).isEqualTo(whole.substring(from, to));
        if (status == 206) {
            assertThat(header(answer, "Content-Range")).isEqualTo("bytes " + from + "-" + (to - 1) + "/45149");
        }
    }

    @Test
    void aRangeOfAnotherVersionIsTheWholeFile() throws Exception {
        String tag = header(get(STYLE), "ETag");
        assertThat(ranged(tag).statusCode()).isEqualTo(206);
        assertThat(ranged("\"other\"").statusCode()).isEqualTo(200);
        assertThat(ranged("W/" + tag).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> ranged(String ifRange) throws Exception {
        return send(request(STYLE)
                .header("Range", "bytes=0-9")
                .header("If-Range", ifRange)
                .build());
    }

    @Test
    void theApiListsAndShowsProducts() throws Exception {
        JsonArray all = new JsonArray(get("/api/products").body());
        assertThat(all.size()).isEqualTo(12);
        JsonObject one = new JsonObject(get("/api/products/7").body());
        assertThat(one).isEqualTo(all.getJsonObject(6));
        assertThat(get("/api/products/13").statusCode()).isEqualTo(404);
        assertThat(header(get("/api/time"), "Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void echoTellsWhatArrived() throws Exception {
        JsonObject echo = new JsonObject(send(request("/echo?a=1")
                        .header("X-Test", "yes")
                        .PUT(BodyPublishers.ofString("some body"))
                        .build())
                .body());
        assertThat(echo.getString("method")).isEqualTo("PUT");
        assertThat(echo.getString("uri")).isEqualTo("/echo?a=1");
        assertThat(echo.getString("body")).isEqualTo("some body");
        assertThat(echo.getJsonObject("headers").getString("X-Test")).isEqualTo("yes");
        HttpResponse<String> tooLong = send(request("/echo")
                .POST(BodyPublishers.ofByteArray(new byte[1024 * 1024 + 1]))
                .build());
        assertThat(tooLong.statusCode()).isEqualTo(413);
    }

    @Test
    void slowFailAndStreamDoAsTheyAreTold() throws Exception {
        long start = System.nanoTime();
        assertThat(get("/slow?ms=150").statusCode()).isEqualTo(200);
        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofMillis(140).toNanos());
        assertThat(get("/slow?ms=soon").statusCode()).isEqualTo(400);
        assertThat(get("/fail?status=502").statusCode()).isEqualTo(502);
        assertThat(get("/fail?status=200").statusCode()).isEqualTo(400);
        HttpResponse<String> stream = get("/stream?chunks=3&ms=10");
        assertThat(stream.body()).isEqualTo("1 of 3\n2 of 3\n3 of 3\n");
        assertThat(header(stream, "Transfer-Encoding")).isEqualTo("chunked");
        HttpResponse<String> events = send(request("/stream?chunks=2&ms=10")
                .header("Accept", "text/event-stream")
                .build());
        assertThat(header(events, "Content-Type")).isEqualTo("text/event-stream");
        assertThat(events.body()).isEqualTo("id: 1\ndata: 1 of 2\n\nid: 2\ndata: 2 of 2\n\n");
    }

    @Test
    void healthAndFailuresAreSwitchedApart() throws Exception {
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        control("{\"healthy\": false}");
        assertThat(get("/healthz").statusCode()).isEqualTo(503);
        assertThat(get("/").statusCode()).isEqualTo(200);
        control("{\"failWith\": 502}");
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(get("/").statusCode()).isEqualTo(502);
        assertThat(get("/api/time").statusCode()).isEqualTo(502);
        control("{}");
        assertThat(get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void aHangingOriginAnswersOnceItHangsNoMore() throws Exception {
        control("{\"hang\": true}");
        CompletableFuture<HttpResponse<String>> held =
                client.sendAsync(request("/healthz").build(), BodyHandlers.ofString());
        assertThat(new JsonObject(get("/_control").body()).getBoolean("hang")).isTrue();
        control("{}");
        assertThat(held.get(5, java.util.concurrent.TimeUnit.SECONDS).statusCode())
                .isEqualTo(200);
    }

    @Test
    void delayComesBeforeEveryAnswer() throws Exception {
        control("{\"delay\": \"150ms\"}");
        long start = System.nanoTime();
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofMillis(140).toNanos());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"healthy\": \"no\"}",
                "{\"failWith\": 200}",
                "{\"failWith\": \"503\"}",
                "{\"delay\": 2}",
                "{\"delay\": \"2h\"}",
                "{\"delay\": \"61s\"}",
                "{\"hang\": 1}",
                "{\"hnag\": true}",
                "[]",
                "nonsense"
            })
    void aBadMoodIsRefusedAndChangesNothing(String mood) throws Exception {
        HttpResponse<String> answer = control(mood);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getJsonArray("mistakes")).hasSize(1);
        assertThat(new JsonObject(get("/_control").body())).isEqualTo(OriginMood.WELL.toJson());
    }

    @Test
    void allMistakesAreToldAtOnce() throws Exception {
        JsonArray mistakes = new JsonObject(control("{\"healthy\": 3, \"colour\": 1, \"delay\": \"x\"}")
                        .body())
                .getJsonArray("mistakes");
        assertThat(mistakes).hasSize(3);
    }

    @Test
    void unknownPathsAndMethodsAreRefused() throws Exception {
        assertThat(get("/nothing/here").statusCode()).isEqualTo(404);
        assertThat(get("/../pom.xml").statusCode()).isEqualTo(404);
        HttpResponse<String> deleted = send(request("/index.html").DELETE().build());
        assertThat(deleted.statusCode()).isEqualTo(405);
        assertThat(header(deleted, "Allow")).isEqualTo("GET, HEAD");
    }

    private static HttpResponse<String> control(String mood) throws Exception {
        return send(request("/_control").POST(BodyPublishers.ofString(mood)).build());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(request(path).build());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                .timeout(Duration.ofSeconds(10));
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
