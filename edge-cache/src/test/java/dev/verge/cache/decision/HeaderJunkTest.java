package dev.verge.cache.decision;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.serve.Delivery;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes stand in headers, every decision is made and none throws. A failure names its seed. */
class HeaderJunkTest {
    private static final List<String> NAMES = List.of(
            "Cache-Control",
            "CDN-Cache-Control",
            "Verge-CDN-Cache-Control",
            "Surrogate-Control",
            "Age",
            "Date",
            "Expires",
            "Last-Modified",
            "ETag",
            "Vary",
            "Connection",
            "Set-Cookie",
            "Content-Length",
            "Cache-Tag",
            "Surrogate-Key",
            "If-None-Match",
            "If-Modified-Since",
            "Range",
            "If-Range",
            "Pragma",
            "Authorization",
            "Location",
            "Content-Location",
            "Accept",
            "Cookie",
            "User-Agent");
    private static final List<String> PIECES = List.of(
            "max-age",
            "=",
            "0",
            "9",
            "99999999999999999999",
            "-1",
            "\"",
            "\\",
            ",",
            ";",
            " ",
            "\t",
            "*",
            "no-store",
            "private",
            "public",
            "no-cache",
            "s-maxage",
            "stale-while-revalidate",
            "must-understand",
            "bytes=",
            "-",
            "W/",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, ",
            "Nov",
            "(",
            ")",
            "?1",
            ":YQ==:",
            "@1",
            "1.5",
            "é",
            "\u0000",
            "\ud800",
            "accept",
            "http://shop.example/x",
            "%zz",
            "{");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void decisionsNeverThrow(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            RequestHead request = request(random);
            var response = new ResponseHead(200 + random.nextInt(400), fields(random));
            assertThatCode(() -> decideAll(request, response))
                    .as("%s%s", request, response)
                    .doesNotThrowAnyException();
        }
    }

    private static void decideAll(RequestHead request, ResponseHead response) {
        CacheKey.of("s", request, CacheOptions.DEFAULT.key());
        Invalidation.targets(request, response);
        StoreDecision.decide(request, response, NOW, NOW, CacheOptions.DEFAULT);
        var stored = new StoredResponse(1, response, request.fields(), NOW, NOW, 100, false);
        CacheDecision.decide(request, List.of(stored), NOW.plusSeconds(5), CacheOptions.DEFAULT);
        CacheDecision.afterOriginFailure(request, stored, NOW.plusSeconds(5), CacheOptions.DEFAULT);
        Validation.freshened(request, stored, List.of(stored), response, NOW, NOW);
        Delivery.choose(request, stored, NOW);
    }

    private static RequestHead request(SplittableRandom random) {
        List<String> methods = List.of("GET", "HEAD", "POST", "", "get", "PURGE");
        return new RequestHead(
                methods.get(random.nextInt(methods.size())),
                random.nextBoolean() ? "http" : "https",
                random.nextBoolean() ? "shop.example" : text(random),
                "/" + text(random),
                random.nextBoolean() ? null : text(random),
                fields(random));
    }

    private static HttpFields fields(SplittableRandom random) {
        HttpFields.Builder fields = HttpFields.builder();
        for (int i = random.nextInt(8); i > 0; i--) {
            fields.add(NAMES.get(random.nextInt(NAMES.size())), text(random));
        }
        return fields.build();
    }

    private static String text(SplittableRandom random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
