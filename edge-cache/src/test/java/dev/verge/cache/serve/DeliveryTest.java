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
import java.util.List;
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
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "bytes=0-9|206 bytes 0-9/100",
                "bytes=90-|206 bytes 90-99/100",
                "bytes=-10|206 bytes 90-99/100",
                "bytes=-1000|206 bytes 0-99/100",
                "bytes=50-1000|206 bytes 50-99/100",
                "bytes=99-99|206 bytes 99-99/100",
                "bytes=0-99999999999999999999|206 bytes 0-99/100",
                "BYTES=0-0|206 bytes 0-0/100",
                "bytes=0-1 , |206 bytes 0-1/100",
                "bytes=,0-1,,|206 bytes 0-1/100",
                "bytes=100-|416 bytes */100",
                "bytes=100-200|416 bytes */100",
                "bytes=100-,200-|416 bytes */100",
                "bytes=-0|416 bytes */100",
                "bytes=-0,100-|416 bytes */100",
                "bytes=99999999999999999999-|416 bytes */100",
                "bytes=99999999999999999999-99999999999999999999|416 bytes */100",
                "bytes=5-4|200",
                "bytes=0-1,5-4|200",
                "bytes=a-b|200",
                "bytes=0-1x|200",
                "bytes=1-2-3|200",
                "bytes=--1|200",
                "bytes=+1-2|200",
                "bytes=0 - 1|200",
                "bytes= 0-1|200",
                "bytes =0-1|200",
                "bytes=0-1;4-5|200",
                "lines=0-1|200",
                "lines=0-1,bytes=4-5|200",
                "bytes|200",
                "bytes=|200",
                "bytes=,|200",
                "bytes=-|200",
                "=0-1|200",
                "bytes=\u0661-\u0662|200"
            })
    void singleRanges(String range, String expected) {
        ResponseHead head = choose("Range", range).head();
        String contentRange = head.fields().first("Content-Range");
        assertThat(head.status() + (contentRange == null ? "" : " " + contentRange))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-1,4-5 | 0-1 4-5",
                "bytes=4-5,0-1 | 4-5 0-1",
                "bytes=90-,0-0,-1 | 90-99 0-0",
                "bytes=0-1,200-,4-5 | 0-1 4-5",
                "bytes=0-1,10-19,15-30,31-40,60-70 | 0-1 10-40 60-70",
                "bytes=60-61,10-19,0-11,30-30 | 60-61 0-19 30-30",
                "bytes=0-10, -50, 5-6, 8-12 | 0-12 50-99"
            })
    void severalRangesKeepTheirOrderAndThoseThatTouchBecomeOne(String range, String expected) {
        assertThat(choose("Range", range)).isInstanceOfSatisfying(Delivery.Parts.class, parts -> {
            String ranges = String.join(
                    " ",
                    parts.ranges().stream()
                            .map(each -> each.first() + "-" + each.last())
                            .toList());
            assertThat(ranges).isEqualTo(expected);
            assertThat(parts.head().status()).isEqualTo(206);
            assertThat(parts.head().fields().contains("Content-Range")).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-1,2-3 | bytes 0-3/100",
                "bytes=50-,-60,0-40 | bytes 0-99/100",
                "bytes=0-1,500- | bytes 0-1/100"
            })
    void oneRangeThatIsLeftIsNoMultipart(String range, String expected) {
        assertThat(choose("Range", range))
                .isInstanceOfSatisfying(
                        Delivery.Part.class,
                        part -> assertThat(part.head().fields().first("Content-Range"))
                                .isEqualTo(expected));
    }

    @Test
    void aFloodOfRangesIsAnsweredWhole() {
        String scattered = ranges(RangeSet.MAX_RANGES, 1_000);
        String tooMany = ranges(RangeSet.MAX_RANGES + 1, 1_000);
        String tiny = ranges(Delivery.MAX_COSTLY_PARTS + 1, 2);
        StoredResponse large = STORED.withBodyBytes(100_000);

        assertThat(Delivery.choose(request("GET", "Range", scattered), large, NOW))
                .isInstanceOf(Delivery.Parts.class);
        assertThat(Delivery.choose(request("GET", "Range", tooMany), large, NOW))
                .isInstanceOf(Delivery.Whole.class);
        assertThat(choose("Range", tiny)).isInstanceOf(Delivery.Whole.class);
        assertThat(choose("Range", "bytes=0-" + ",0-".repeat(RangeSet.MAX_RANGES - 1)))
                .isInstanceOf(Delivery.Part.class);
    }

    private static String ranges(int count, int distance) {
        var text = new StringBuilder("bytes=");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",").append(i * distance).append('-').append(i * distance);
        }
        return text.toString();
    }

    /** §15.3.7.2: the text around the parts, and that its length is known before. */
    @Test
    void aMultipartBodyIsFramedAsTheRfcSays() {
        assertThat(choose("Range", "bytes=0-1,4-5")).isInstanceOfSatisfying(Delivery.Parts.class, parts -> {
            Multipart multipart = parts.multipart("BOUND");
            String body = multipart.before(0) + "ab" + multipart.before(1) + "ef" + multipart.end();
            assertThat(body).isEqualTo("""
                    --BOUND
                    Content-Type: text/plain
                    Content-Range: bytes 0-1/100

                    ab
                    --BOUND
                    Content-Type: text/plain
                    Content-Range: bytes 4-5/100

                    ef
                    --BOUND--
                    """.replace("\n", "\r\n"));
            HttpFields head = parts.head(multipart).fields();
            assertThat(head.first("Content-Length")).isEqualTo(Integer.toString(body.length()));
            assertThat(head.all("Content-Type")).containsExactly("multipart/byteranges; boundary=BOUND");
            assertThat(head.first("ETag")).isEqualTo("\"1\"");
        });
    }

    @Test
    void anEmptyBodyHasNoRangeButASuffix() {
        StoredResponse empty = STORED.withBodyBytes(0);
        ResponseHead none =
                Delivery.choose(request("GET", "Range", "bytes=0-"), empty, NOW).head();
        assertThat(none.status()).isEqualTo(416);
        assertThat(none.fields().first("Content-Range")).isEqualTo("bytes */0");
        assertThat(Delivery.choose(request("GET", "Range", "bytes=-5"), empty, NOW)
                        .head()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aRepeatedRangeIsNoRange() {
        assertThat(choose("Range", "bytes=0-1", "Range", "bytes=4-5")).isInstanceOf(Delivery.Whole.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"1\" | 200",
                "\"0\", \"1\" | 200",
                "* | 200",
                "W/\"1\" | 412",
                "\"2\" | 412",
                "1 | 412",
                "'' | 412"
            })
    void ifMatchComparesStrongly(String tags, int status) {
        assertThat(choose("If-Match", tags).head().status()).isEqualTo(status);
    }

    @Test
    void ifUnmodifiedSinceCountsWithoutIfMatchOnly() {
        assertThat(choose("If-Unmodified-Since", MODIFIED).head().status()).isEqualTo(200);
        assertThat(choose("If-Unmodified-Since", EARLIER).head().status()).isEqualTo(412);
        assertThat(choose("If-Unmodified-Since", "junk").head().status()).isEqualTo(200);
        assertThat(choose("If-Unmodified-Since", EARLIER, "If-Unmodified-Since", EARLIER)
                        .head()
                        .status())
                .isEqualTo(200);
        assertThat(choose("If-Match", "\"1\"", "If-Unmodified-Since", EARLIER)
                        .head()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void conditionsHoldInTheOrderOfTheRfc() {
        assertThat(choose("If-Match", "\"2\"", "If-None-Match", "\"1\"").head().status())
                .isEqualTo(412);
        assertThat(choose("If-Match", "\"1\"", "If-None-Match", "\"1\"").head().status())
                .isEqualTo(304);
        assertThat(choose("If-None-Match", "\"1\"", "Range", "bytes=0-1").head().status())
                .isEqualTo(304);
        assertThat(choose("If-Match", "\"2\"", "Range", "bytes=900-").head().status())
                .isEqualTo(412);
        assertThat(choose("If-Match", "\"1\"", "Range", "bytes=900-").head().status())
                .isEqualTo(416);
        assertThat(choose("If-Modified-Since", MODIFIED, "If-Modified-Since", MODIFIED)
                        .head()
                        .status())
                .isEqualTo(200);
    }

    /** Whoever stores a 412 or 416 by the lifetime of the stored response would answer others with it. */
    @Test
    void refusalsCarryNothingOfTheStoredResponse() {
        for (Delivery refused : List.of(choose("Range", "bytes=900-"), choose("If-Match", "\"2\""))) {
            HttpFields fields = refused.head().fields();
            assertThat(fields.contains("Cache-Control") || fields.contains("ETag") || fields.contains("Content-Type"))
                    .isFalse();
            assertThat(fields.first("Content-Length")).isEqualTo("0");
            assertThat(fields.first("Vary")).isEqualTo("Accept");
        }
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
