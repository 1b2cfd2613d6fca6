package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.EchoOrigin.Reply;
import dev.verge.node.RawClient.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes a client and an origin put into their fields, each request gets one answer, and never one that says the node itself
 * went wrong. A failure names its seed. {@code -Dverge.cache.junk=N} runs N seeds in place of the short list.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireJunkTest {
    private static final int REQUESTS = 100;
    private static final long SEEDS = Long.getLong("verge.cache.junk", 4);
    private static final List<String> ASKED = List.of(
            "Cache-Control",
            "Range",
            "If-Range",
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "If-Unmodified-Since",
            "Accept",
            "Accept-Language",
            "Accept-Encoding",
            "Cookie",
            "Pragma",
            "Connection",
            "TE",
            "Authorization",
            "Via",
            "CDN-Loop",
            "Forwarded",
            "X-Any",
            "Verge-Debug");
    private static final List<String> ANSWERED = List.of(
            "Cache-Control",
            "CDN-Cache-Control",
            "Age",
            "Date",
            "Expires",
            "Last-Modified",
            "ETag",
            "Vary",
            "Set-Cookie",
            "Cache-Tag",
            "Cache-Groups",
            "Cache-Group-Invalidation",
            "No-Vary-Search",
            "Content-Type",
            "Content-Range",
            "Location",
            "Content-Location",
            "Connection",
            "Cache-Status",
            "Via",
            "X-Any");
    private static final List<String> PIECES = List.of(
            "max-age=60",
            "max-age=",
            "9",
            "99999999999999999999",
            "\"",
            "\"a\"",
            "W/",
            "\\",
            ",",
            ";",
            "=",
            "*",
            " ",
            "\t",
            "bytes=0-1",
            "bytes=",
            "0-0,",
            "-1",
            "no-cache",
            "private",
            "s-maxage=9",
            "key-order",
            "params=(\"a\")",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Accept",
            "\u0000",
            "\u0001",
            "\u007f",
            "\u0080",
            "\u00ff",
            "\u00c3",
            "gzip",
            "en;q=",
            "(",
            "?1",
            "close",
            "X-Any",
            "verge; id=",
            "1.1 x");

    private final AtomicReference<SplittableRandom> atOrigin = new AtomicReference<>(new SplittableRandom(0));
    private final EchoOrigin origin = new EchoOrigin(request -> {
        SplittableRandom random = atOrigin.get();
        int status = random.nextBoolean()
                ? 200
                : List.of(201, 203, 301, 404, 410, 503).get(random.nextInt(6));
        return new Reply(status, fields(random, ANSWERED), "content");
    });
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [shop.example]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}], retries: {attempts: 1}}}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyRequestGetsAnAnswer(long seed) {
        var random = new SplittableRandom(seed);
        atOrigin.set(random.split());
        int port = installation.node().httpPort();
        for (int i = 0; i < REQUESTS; i++) {
            String method = List.of("GET", "GET", "GET", "HEAD", "POST").get(random.nextInt(5));
            String target = "/" + random.nextInt(6) + (random.nextBoolean() ? "" : "?a=" + random.nextInt(3));
            List<String> lines = fields(random, ASKED);
            if (method.equals("POST")) {
                lines.add("Content-Length: 0");
            }
            Answer answer = RawClient.send(
                    port, method + " " + target + " HTTP/1.1", "shop.example", lines.toArray(String[]::new));
            assertThat(answer.status())
                    .as("seed %d, request %d: %s %s %s", seed, i, method, target, lines)
                    .isBetween(200, 599)
                    .isNotEqualTo(500);
        }
        assertThat(RawClient.get(port, "shop.example", "/after" + seed).status())
                .isNotEqualTo(500);
    }

    private static List<String> fields(SplittableRandom random, List<String> names) {
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            var line = new StringBuilder(names.get(random.nextInt(names.size()))).append(": ");
            for (int pieces = random.nextInt(6); pieces > 0; pieces--) {
                line.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
