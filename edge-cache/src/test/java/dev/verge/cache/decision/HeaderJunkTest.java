package dev.verge.cache.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.serve.ByteRange;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.cache.serve.Delivery;
import dev.verge.cache.serve.Multipart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes stand in headers, every decision is made, none throws, and what must always hold does. A failure names its seed and
 * its input. {@code -Dverge.cache.junk=N} runs N seeds in place of the short list.
 */
class HeaderJunkTest {
    private static final int CASES = 5_000;
    private static final long SEEDS = Long.getLong("verge.cache.junk", 8);
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
            "Content-Range",
            "Content-Type",
            "Cache-Tag",
            "Surrogate-Key",
            "Cache-Groups",
            "Cache-Group-Invalidation",
            "No-Vary-Search",
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "If-Unmodified-Since",
            "Range",
            "If-Range",
            "Pragma",
            "Authorization",
            "Location",
            "Content-Location",
            "Accept",
            "Accept-Language",
            "Accept-Encoding",
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
            "\"a\"",
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
            "bytes ",
            "/100",
            "0-9,",
            "90-,",
            "-5,",
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
            "\u0085",
            "\ud800",
            "accept",
            "key-order",
            "params",
            "except",
            "http://shop.example/x",
            "%zz",
            "%41",
            "a=1",
            "&",
            "+",
            "[",
            "{");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long BODY_BYTES = 100;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyDecisionIsMade(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < CASES; i++) {
            RequestHead request = request(random);
            var response = new ResponseHead(random.nextBoolean() ? 200 : 200 + random.nextInt(400), fields(random));
            try {
                decideAll(request, response);
            } catch (RuntimeException | AssertionError broken) {
                throw new AssertionError("seed " + seed + ": " + request + response, broken);
            }
        }
    }

    private static void decideAll(RequestHead request, ResponseHead response) {
        key(request);
        Invalidation.targets(request, response);
        invalidated(request, response);
        if (StoreDecision.decide(request, response, NOW, NOW, CacheOptions.DEFAULT)
                instanceof StoreDecision.Store store) {
            mayBeKept(store.draft());
        }
        var stored = new StoredResponse(1, response, request.fields(), NOW, NOW, BODY_BYTES, false);
        read(stored);
        Instant later = NOW.plusSeconds(5);
        CacheDecision.decide(request, List.of(stored), later, CacheOptions.DEFAULT);
        CacheDecision.afterOriginFailure(request, stored, later, CacheOptions.DEFAULT);
        for (StoredResponse updated : Validation.freshened(request, stored, List.of(stored), response, NOW, NOW)) {
            assertThat(updated.bodyBytes()).isEqualTo(BODY_BYTES);
        }
        Validation.forFill(request, Validation.conditions(stored));
        delivered(Delivery.choose(request, stored, NOW), request, stored);
        delivered(Delivery.choose(request, stored.withBodyBytes(0), NOW), request, stored.withBodyBytes(0));
        var arriving = stored.withBodyBytes(StoredResponse.UNKNOWN_LENGTH);
        delivered(Delivery.choose(request, arriving, NOW), request, arriving);
        String shown = CacheStatus.forwarded(ForwardReason.STALE)
                .key(CacheKey.of("s", request, CacheOptions.DEFAULT.key()).text())
                .toString();
        assertThat(shown.chars()).as(shown).allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    /** Keys differ where a part differs, and what is left without the query does not know of it. */
    private static void key(RequestHead request) {
        CacheKey key = CacheKey.of("s", request, CacheOptions.DEFAULT.key());
        var otherPath = new RequestHead(
                request.method(),
                request.scheme(),
                request.host(),
                request.path() + "x",
                request.query(),
                request.fields());
        var otherQuery = new RequestHead(
                request.method(),
                request.scheme(),
                request.host(),
                request.path(),
                request.query() == null ? "x" : request.query() + "x",
                request.fields());
        CacheKey byPath = CacheKey.of("s", otherPath, CacheOptions.DEFAULT.key());
        CacheKey byQuery = CacheKey.of("s", otherQuery, CacheOptions.DEFAULT.key());
        assertThat(byPath).isNotEqualTo(key);
        assertThat(byQuery).isNotEqualTo(key);
        assertThat(byPath.withoutQuery()).isNotEqualTo(key.withoutQuery());
        assertThat(byQuery.withoutQuery()).isEqualTo(key.withoutQuery());
    }

    private static void invalidated(RequestHead request, ResponseHead response) {
        if (CacheGroups.invalidated(request, response) instanceof CacheGroups.Invalidated.Groups groups) {
            assertThat(groups.names()).isNotEmpty().hasSizeLessThanOrEqualTo(CacheGroups.MAX_GROUPS);
            assertThat(request.method()).isNotIn("GET", "HEAD");
        }
    }

    private static void mayBeKept(StoredResponse draft) {
        HttpFields kept = draft.head().fields();
        for (int i = 0; i < kept.size(); i++) {
            assertThat(kept.name(i).toLowerCase(Locale.ROOT)).isNotIn("connection", "transfer-encoding", "te");
        }
        assertThat(draft.vary().never()).isFalse();
    }

    private static void read(StoredResponse stored) {
        assertThat(stored.ageSeconds(NOW)).isNotNegative();
        assertThat(stored.lifetimeSeconds(CacheOptions.DEFAULT)).isNotNegative();
        assertThat(stored.groups()).hasSizeLessThanOrEqualTo(CacheGroups.MAX_GROUPS);
        SearchVariance variance = stored.searchVariance();
        assertThat(variance.form("a=1&b")).isEqualTo(variance.form("a=1&b="));
    }

    /** What is sent lies within the body, no byte twice, and its length is told as it is. */
    private static void delivered(Delivery delivery, RequestHead request, StoredResponse stored) {
        long total = stored.bodyBytes();
        switch (delivery) {
            case Delivery.Whole whole -> assertThat(whole.head().status()).isEqualTo(stored.status());
            case Delivery.Part part -> {
                within(List.of(new ByteRange(part.first(), part.length())), total);
                assertThat(part.head().fields().first("Content-Length")).isEqualTo(Long.toString(part.length()));
                assertThat(request.isGet()).isTrue();
            }
            case Delivery.Parts parts -> {
                within(parts.ranges(), total);
                assertThat(parts.ranges()).hasSizeGreaterThan(1);
                Multipart multipart = parts.multipart(Delivery.ANY_BOUNDARY);
                long sum = multipart.end().length();
                for (int i = 0; i < parts.ranges().size(); i++) {
                    sum += multipart.before(i).length() + parts.ranges().get(i).length();
                }
                assertThat(parts.head(multipart).fields().all("Content-Length")).containsExactly(Long.toString(sum));
            }
            case Delivery.NotModified unchanged ->
                assertThat(unchanged.head().status()).isEqualTo(304);
            case Delivery.PreconditionFailed failed ->
                assertThat(failed.head().status()).isEqualTo(412);
            case Delivery.Unsatisfiable none ->
                assertThat(none.head().fields().first("Content-Range")).isEqualTo("bytes */" + total);
        }
    }

    private static void within(List<ByteRange> ranges, long total) {
        List<ByteRange> sorted = new ArrayList<>(ranges);
        sorted.sort(java.util.Comparator.comparingLong(ByteRange::first));
        long free = -1;
        for (ByteRange range : sorted) {
            assertThat(range.first()).isGreaterThan(free);
            assertThat(range.last()).isLessThan(total);
            free = range.last() + 1;
        }
    }

    private static RequestHead request(SplittableRandom random) {
        List<String> methods = List.of("GET", "HEAD", "POST", "", "get", "PURGE");
        return new RequestHead(
                random.nextBoolean() ? "GET" : methods.get(random.nextInt(methods.size())),
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
        if (random.nextInt(8) == 0) {
            fields.add("Range", "bytes=" + text(random));
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
