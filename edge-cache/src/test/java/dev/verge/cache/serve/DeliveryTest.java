package dev.verge.cache.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.ForwardReason;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpDate;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions.BrowserTtl;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String MODIFIED = HttpDate.format(NOW.minusSeconds(100));
    private static final String LATER = HttpDate.format(NOW.minusSeconds(50));
    private static final String EARLIER = HttpDate.format(NOW.minusSeconds(101));
    private static final StoredResponse STORED = stored(200);

    private static StoredResponse stored(int status) {
        HttpFields fields = HttpFields.of(
                "ETag",
                "\"1\"",
                "Last-Modified",
                MODIFIED,
                "Date",
                HttpDate.format(NOW),
                "Content-Type",
                "text/plain",
                "Content-Length",
                "100",
                "Cache-Tag",
                "x",
                "Age",
                "5",
                "Vary",
                "Accept",
                "Cache-Control",
                "max-age=9");
        return new StoredResponse(1, new ResponseHead(status, fields), HttpFields.EMPTY, NOW, NOW, 100, false);
    }

    private static Delivery choose(String... fields) {
        return Delivery.choose(request("GET", fields), STORED, NOW);
    }

    private static RequestHead request(String method, String... fields) {
        return new RequestHead(method, "http", "h", "/", null, HttpFields.of(fields));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"1\" | 304",
                "W/\"1\" | 304",
                "* | 304",
                "\"0\", \"1\" | 304",
                "\"2\" | 200",
                "1 | 200",
                "'' | 200"
            })
    void ifNoneMatchComparesWeakly(String tags, int status) {
        assertThat(choose("If-None-Match", tags).head().status()).isEqualTo(status);
    }

    @Test
    void ifModifiedSinceComparesDates() {
        assertThat(choose("If-Modified-Since", MODIFIED).head().status()).isEqualTo(304);
        assertThat(choose("If-Modified-Since", LATER).head().status()).isEqualTo(304);
        assertThat(choose("If-Modified-Since", EARLIER).head().status()).isEqualTo(200);
        assertThat(choose("If-Modified-Since", "yesterday").head().status()).isEqualTo(200);
    }

    @Test
    void ifNoneMatchMakesIfModifiedSinceMeaningless() {
        assertThat(choose("If-None-Match", "\"2\"", "If-Modified-Since", LATER)
                        .head()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void conditionsCountForStored200Only() {
        RequestHead request = request("GET", "If-None-Match", "*", "Range", "bytes=0-1");
        assertThat(Delivery.choose(request, stored(404), NOW).head().status()).isEqualTo(404);
    }

    @Test
    void a304CarriesValidatorsAndNothingAboutTheBody() {
        HttpFields fields = choose("If-None-Match", "\"1\"").head().fields();
        assertThat(fields.first("ETag")).isEqualTo("\"1\"");
        assertThat(fields.contains("Vary") && fields.contains("Date") && fields.contains("Cache-Control"))
                .isTrue();
        assertThat(fields.contains("Content-Length") || fields.contains("Content-Type"))
                .isFalse();
    }

    @Test
    void whatIsMeantForThisNodeStaysHere() {
        HttpFields fields = choose().head().fields();
        assertThat(fields.contains("Cache-Tag") || fields.contains("Age")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-9 | 206 bytes 0-9/100",
                "bytes=90- | 206 bytes 90-99/100",
                "bytes=-10 | 206 bytes 90-99/100",
                "bytes=-1000 | 206 bytes 0-99/100",
                "bytes=50-1000 | 206 bytes 50-99/100",
                "BYTES=0-0 | 206 bytes 0-0/100",
                "bytes=100- | 416 bytes */100",
                "bytes=-0 | 416 bytes */100",
                "bytes=5-4 | 200",
                "bytes=a-b | 200",
                "bytes=0-1,4-5 | 200",
                "lines=0-1 | 200",
                "bytes | 200",
                "bytes=- | 200",
                "bytes=99999999999999999999- | 416 bytes */100"
            })
    void singleRanges(String range, String expected) {
        ResponseHead head = choose("Range", range).head();
        String contentRange = head.fields().first("Content-Range");
        assertThat(head.status() + (contentRange == null ? "" : " " + contentRange))
                .isEqualTo(expected);
    }

    @Test
    void aPartSaysWhereItIs() {
        assertThat(choose("Range", "bytes=10-19")).isInstanceOfSatisfying(Delivery.Part.class, part -> {
            assertThat(part.first()).isEqualTo(10);
            assertThat(part.length()).isEqualTo(10);
            assertThat(part.head().fields().first("Content-Length")).isEqualTo("10");
        });
    }

    @Test
    void rangesAreForGet() {
        assertThat(Delivery.choose(request("HEAD", "Range", "bytes=0-1"), STORED, NOW)
                        .head()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void ifRangeMustMatchStrongly() {
        String range = "bytes=0-1";
        assertThat(choose("Range", range, "If-Range", "\"1\"").head().status()).isEqualTo(206);
        assertThat(choose("Range", range, "If-Range", "W/\"1\"").head().status())
                .isEqualTo(200);
        assertThat(choose("Range", range, "If-Range", MODIFIED).head().status()).isEqualTo(206);
        assertThat(choose("Range", range, "If-Range", LATER).head().status()).isEqualTo(200);
        assertThat(choose("Range", range, "If-Range", "junk").head().status()).isEqualTo(200);
    }

    @Test
    void cacheStatusIsWrittenAsRfc9211Says() {
        assertThat(CacheStatus.hit(5).toString()).isEqualTo("verge; hit; ttl=5");
        assertThat(CacheStatus.forwarded(ForwardReason.URI_MISS)
                        .stored()
                        .collapsed()
                        .after("origin; hit"))
                .isEqualTo("origin; hit, verge; fwd=uri-miss; stored; collapsed");
        assertThat(CacheStatus.forwarded(ForwardReason.STALE)
                        .forwardStatus(304)
                        .detail("a\"b\\ü")
                        .toString())
                .isEqualTo("verge; fwd=stale; fwd-status=304; detail=\"a\\\"b\\\\?\"");
    }

    @Test
    void browsersAreToldWhatTheSiteSays() {
        HttpFields fields = HttpFields.of("Cache-Control", "max-age=9", "Expires", "0");
        assertThat(BrowserFields.apply(fields, BrowserTtl.DEFAULT, 4)).isSameAs(fields);
        var override = new BrowserTtl(BrowserTtl.BrowserMode.OVERRIDE, Duration.ofMinutes(1));
        assertThat(BrowserFields.apply(fields, override, 4)).isEqualTo(HttpFields.of("Cache-Control", "max-age=64"));
        var noCache = new BrowserTtl(BrowserTtl.BrowserMode.NO_CACHE, null);
        assertThat(BrowserFields.apply(fields, noCache, 4)).isEqualTo(HttpFields.of("Cache-Control", "no-cache"));
    }
}
