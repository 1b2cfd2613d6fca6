package dev.verge.cache.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.cache.http.HttpDate;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.options.CacheOptions.EdgeTtl;
import dev.verge.cache.options.CacheOptions.EdgeTtl.EdgeMode;
import dev.verge.cache.options.CacheOverride;
import dev.verge.cache.options.CacheOverride.EdgeTtlOverride;
import dev.verge.cache.options.CacheOverride.StaleOverride;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What site options change, and the rules that need more than one exchange. */
class PolicyTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final RequestHead GET = new RequestHead("GET", "http", "h.example", "/a", null, HttpFields.EMPTY);

    private static CacheOptions edge(EdgeMode mode, @Nullable Duration fallback, Map<String, Duration> byStatus) {
        return new CacheOverride(new EdgeTtlOverride(mode, fallback, byStatus), null, null, null, null, null, null)
                .applyTo(CacheOptions.DEFAULT);
    }

    private static CacheOptions stale(@Nullable Duration whileRevalidate, @Nullable Duration ifError) {
        return new CacheOverride(null, null, null, new StaleOverride(whileRevalidate, ifError), null, null, null)
                .applyTo(CacheOptions.DEFAULT);
    }

    private static StoredResponse stored(String... fields) {
        return new StoredResponse(
                1, new ResponseHead(200, HttpFields.of(fields)), HttpFields.EMPTY, NOW, NOW, 9, false);
    }

    @Test
    void honorFillsInWhatTheResponseDoesNotSay() {
        CacheOptions options = edge(EdgeMode.HONOR, Duration.ofSeconds(60), Map.of("5xx", Duration.ofSeconds(1)));
        assertThat(stored().lifetimeSeconds(options)).isEqualTo(60);
        assertThat(stored("Cache-Control", "max-age=5").lifetimeSeconds(options))
                .isEqualTo(5);
        assertThat(options.edgeTtl().byStatus(503)).isEqualTo(Duration.ofSeconds(1));
    }

    /** One client's oversized field makes an origin answer 400 or 431; a lifetime for everything must not make that everybody's. */
    @ParameterizedTest
    @CsvSource({
        "400, false",
        "403, false",
        "431, false",
        "500, false",
        "503, false",
        "302, false",
        "404, true",
        "301, true"
    })
    void aDefaultLifetimeIsForStatusesThatMayBeReusedHeuristically(int status, boolean stored) {
        for (EdgeMode mode : List.of(EdgeMode.HONOR, EdgeMode.OVERRIDE)) {
            CacheOptions assumed = edge(mode, Duration.ofDays(1), Map.of());
            CacheOptions stated =
                    edge(mode, Duration.ofDays(1), Map.of(Integer.toString(status), Duration.ofSeconds(5)));
            var head = new ResponseHead(status, HttpFields.EMPTY);
            assertThat(StoreDecision.decide(GET, head, NOW, NOW, assumed) instanceof StoreDecision.Store)
                    .as("%s", mode)
                    .isEqualTo(stored);
            assertThat(StoreDecision.decide(GET, head, NOW, NOW, stated)).isInstanceOf(StoreDecision.Store.class);
        }
    }

    @Test
    void overrideReplacesTheLifetimeButNotPrivacy() {
        CacheOptions options = edge(EdgeMode.OVERRIDE, Duration.ofSeconds(60), Map.of());
        assertThat(stored("Cache-Control", "max-age=5").lifetimeSeconds(options))
                .isEqualTo(60);
        assertThat(store(options, "Cache-Control", "no-store, no-cache")).isInstanceOf(StoreDecision.Store.class);
        assertThat(store(options, "Cache-Control", "private"))
                .isEqualTo(new StoreDecision.DoNotStore(StoreDecision.Reason.PRIVATE));
        assertThat(store(options, "Set-Cookie", "a=b"))
                .isEqualTo(new StoreDecision.DoNotStore(StoreDecision.Reason.SET_COOKIE));
    }

    @Test
    void bypassNeitherReadsNorStores() {
        CacheOptions options = CacheOverride.BYPASS.applyTo(CacheOptions.DEFAULT);
        assertThat(CacheDecision.decide(GET, List.of(stored("Cache-Control", "max-age=9")), NOW, options))
                .isEqualTo(new CacheDecision.Bypass(ForwardReason.BYPASS));
        assertThat(store(options, "Cache-Control", "max-age=9"))
                .isEqualTo(new StoreDecision.DoNotStore(StoreDecision.Reason.SITE_BYPASS));
    }

    private static StoreDecision store(CacheOptions options, String... fields) {
        return StoreDecision.decide(GET, new ResponseHead(200, HttpFields.of(fields)), NOW, NOW, options);
    }

    @Test
    void anOverrideThatMakesNoSenseIsRefusedWhenMerged() {
        assertThatThrownBy(() -> edge(EdgeMode.OVERRIDE, null, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mode: override needs a lifetime");
        assertThatThrownBy(() -> new EdgeTtl(EdgeMode.HONOR, null, Map.of("604", Duration.ZERO)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("byStatus:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "max-age=10, stale-if-error=5 | null | 14 | true",
                "max-age=10, stale-if-error=5 | null | 15 | false",
                "max-age=10                   | null | 11 | false",
                "max-age=10                   | 60   | 69 | true",
                "max-age=10                   | 60   | 70 | false",
                "max-age=10, must-revalidate  | 60   | 11 | false",
                "s-maxage=10                  | 60   | 11 | false",
                "s-maxage=10, stale-if-error=5| null | 11 | true",
                "max-age=10, no-cache         | 60   | 11 | false",
            })
    void anOriginFailureIsAnsweredWithStaleWithinItsWindow(
            String control, @Nullable Integer option, int age, boolean served) {
        CacheOptions options = stale(null, option == null ? null : Duration.ofSeconds(option));
        StoredResponse stored = stored("Cache-Control", control);
        var answer = CacheDecision.afterOriginFailure(GET, stored, NOW.plusSeconds(age), options);
        assertThat(answer != null).isEqualTo(served);
    }

    @Test
    void softPurgedIsStaleAndMayBeServedWithinItsWindows() {
        StoredResponse plain =
                stored("Cache-Control", "max-age=10", "ETag", "\"1\"").softPurged();
        assertThat(CacheDecision.decide(GET, List.of(plain), NOW, CacheOptions.DEFAULT))
                .isInstanceOf(CacheDecision.Revalidate.class);
        assertThat(CacheDecision.decide(GET, List.of(plain), NOW, stale(Duration.ofSeconds(5), null)))
                .isInstanceOf(CacheDecision.ServeStale.class);
    }

    @Test
    void ofSeveralMatchingVariantsTheMostRecentIsUsed() {
        StoredResponse older = stored("Cache-Control", "max-age=100", "Date", HttpDate.format(NOW.minusSeconds(9)));
        StoredResponse newer = stored("Cache-Control", "max-age=100", "Date", HttpDate.format(NOW));
        for (List<StoredResponse> variants : List.of(List.of(older, newer), List.of(newer, older))) {
            assertThat(CacheDecision.decide(GET, variants, NOW, CacheOptions.DEFAULT))
                    .isInstanceOfSatisfying(
                            CacheDecision.ServeFresh.class,
                            fresh -> assertThat(fresh.stored()).isSameAs(newer));
        }
    }

    @Test
    void a304ReplacesExactlyTheFieldsItMay() {
        StoredResponse stored = stored(
                "ETag",
                "\"1\"",
                "X",
                "old",
                "Y",
                "kept",
                "Content-Length",
                "9",
                "Content-Encoding",
                "gzip",
                "Age",
                "50");
        var answer = new ResponseHead(
                304,
                HttpFields.of(
                        "ETag",
                        "\"1\"",
                        "X",
                        "new",
                        "X",
                        "newer",
                        "Z",
                        "added",
                        "Content-Length",
                        "0",
                        "Content-Encoding",
                        "br",
                        "Connection",
                        "hop",
                        "hop",
                        "1",
                        "Proxy-Authenticate",
                        "x"));
        List<StoredResponse> updated = Validation.freshened(GET, stored, List.of(stored), answer, NOW, NOW);
        assertThat(updated).hasSize(1);
        assertThat(updated.getFirst().head().fields())
                .isEqualTo(HttpFields.of(
                        "Y",
                        "kept",
                        "Content-Length",
                        "9",
                        "Content-Encoding",
                        "gzip",
                        "ETag",
                        "\"1\"",
                        "X",
                        "new",
                        "X",
                        "newer",
                        "Z",
                        "added"));
        assertThat(updated.getFirst().ageSeconds(NOW)).isZero();
        assertThat(updated.getFirst().id()).isEqualTo(stored.id());
    }

    @Test
    void a304AboutSomethingElseIsNotUsed() {
        StoredResponse stored = stored("ETag", "\"1\"");
        var answer = new ResponseHead(304, HttpFields.of("ETag", "\"2\""));
        assertThat(Validation.freshened(GET, stored, List.of(stored), answer, NOW, NOW))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "200 | max-age=10          | /a                 | true",
                "200 | max-age=10          | a                  | true",
                "200 | max-age=10          | http://h.example/a | true",
                "200 | max-age=10          | /a?x               | false",
                "200 | max-age=10          | http://i.example/a | false",
                "200 | max-age=10          | null               | false",
                "200 | max-age=0           | /a                 | false",
                "200 | public              | /a                 | false",
                "200 | max-age=10, private | /a                 | false",
                "201 | max-age=10          | /a                 | false",
            })
    void anAnswerToPostIsStoredWhenItIsWhatAGetWouldBring(
            int status, String control, @Nullable String location, boolean stored) {
        HttpFields.Builder fields = HttpFields.builder().add("Cache-Control", control);
        if (location != null) {
            fields.add("Content-Location", location);
        }
        StoreDecision decision = StoreDecision.forPost(
                GET.as("POST"), new ResponseHead(status, fields.build()), NOW, NOW, CacheOptions.DEFAULT);
        assertThat(decision instanceof StoreDecision.Store).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | X: 2                        | renewed",
                "200 | ETag: \"1\"                 | renewed",
                "200 | Content-Length: 9           | renewed",
                "200 | ETag: \"2\"                 | stale",
                "200 | ETag: W/\"1\"               | stale",
                "200 | Content-Length: 10          | stale",
                "200 | Last-Modified: yesterday    | stale",
                "404 | ETag: \"2\"                 | nothing",
            })
    void anAnswerToHeadRenewsWhatItDescribesAndAgesTheRest(int status, String field, String outcome) {
        StoredResponse stored = stored("ETag", "\"1\"", "X", "1", "Cache-Control", "max-age=5");
        int colon = field.indexOf(':');
        HttpFields answer =
                HttpFields.of(field.substring(0, colon), field.substring(colon + 2), "Cache-Control", "max-age=50");
        List<StoredResponse> changed = Validation.afterHead(
                GET.as("HEAD"), List.of(stored), new ResponseHead(status, answer), NOW, NOW.plusSeconds(9));
        String found = changed.isEmpty() ? "nothing" : changed.getFirst().isSoftPurged() ? "stale" : "renewed";
        assertThat(found).isEqualTo(outcome);
        if (found.equals("renewed")) {
            assertThat(changed.getFirst().lifetimeSeconds(CacheOptions.DEFAULT)).isEqualTo(50);
            assertThat(changed.getFirst().head().fields().first("ETag")).isEqualTo("\"1\"");
            assertThat(changed.getFirst().bodyBytes()).isEqualTo(9);
        }
    }

    @Test
    void anExactVariantIsPreferredToANegotiatedOne() {
        StoredResponse german = variant(1, "de", "en, de");
        StoredResponse asked = variant(2, "fr", "fr;q=0.9, de");
        RequestHead request = GET.withFields(HttpFields.of("Accept-Language", "de, fr;q=0.9"));
        for (List<StoredResponse> variants : List.of(List.of(german, asked), List.of(asked, german))) {
            assertThat(CacheDecision.decide(request, variants, NOW, CacheOptions.DEFAULT))
                    .isInstanceOfSatisfying(
                            CacheDecision.ServeFresh.class,
                            fresh -> assertThat(fresh.stored()).isSameAs(asked));
        }
    }

    private static StoredResponse variant(long id, String language, String accepted) {
        HttpFields fields =
                HttpFields.of("Cache-Control", "max-age=9", "Vary", "Accept-Language", "Content-Language", language);
        return new StoredResponse(
                id,
                new ResponseHead(200, fields),
                HttpFields.of("Accept-Language", accepted),
                NOW.minusSeconds(3 - id),
                NOW.minusSeconds(3 - id),
                9,
                false);
    }

    @Test
    void aFillAsksWithoutTheClientsConditions() {
        RequestHead request = GET.withFields(HttpFields.of(
                "If-None-Match",
                "\"c\"",
                "If-Modified-Since",
                "x",
                "Range",
                "bytes=0-1",
                "If-Range",
                "x",
                "Accept",
                "a"));
        assertThat(Validation.forFill(request, Validation.conditions(stored("ETag", "\"1\"")))
                        .fields())
                .isEqualTo(HttpFields.of("Accept", "a", "If-None-Match", "\"1\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST   | 200 | X                | x                         | /a",
                "PURGE  | 301 | X                | x                         | /a",
                "GET    | 200 | Location         | /b                        | ''",
                "POST   | 500 | Location         | /b                        | ''",
                "POST   | 200 | Location         | /b?x                      | /a /b?x",
                "POST   | 200 | Content-Location | c                         | /a /c",
                "POST   | 200 | Location         | http://H.example:80/b     | /a /b",
                "POST   | 200 | Location         | http://other.example/b    | /a",
                "POST   | 200 | Location         | https://h.example/b       | /a",
                "POST   | 200 | Location         | ://                       | /a",
            })
    void unsafeRequestsInvalidate(String method, int status, String name, String value, String expected) {
        var request = new RequestHead(method, "http", "h.example", "/a", null, HttpFields.EMPTY);
        List<String> targets =
                Invalidation.targets(request, new ResponseHead(status, HttpFields.of(name, value))).stream()
                        .map(target -> target.path() + (target.query() == null ? "" : "?" + target.query()))
                        .toList();
        assertThat(String.join(" ", targets)).isEqualTo(expected);
    }

    @Test
    void tagsComeFromBothFields() {
        HttpFields fields = HttpFields.of("Cache-Tag", " a b, c,,a b", "Surrogate-Key", "d  e c", "Cache-Tag", "f");
        assertThat(CacheTags.of(fields)).containsExactly("a b", "c", "f", "d", "e");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "Sun, 06 Nov 1994 08:49:37 GMT   | 784111777",
                "Sunday, 06-Nov-94 08:49:37 GMT  | 784111777",
                "Sun Nov  6 08:49:37 1994        | 784111777",
                "Sunday, 06-Nov-75 08:49:37 GMT  | 3340255777",
                "Sunday, 06-Nov-77 08:49:37 GMT  | 247654177",
                "Sun, 06 Nov 1994 08:49:37 +0000 | null",
                "Sun, 6 Nov 1994 08:49:37 GMT    | null",
                "Sun, 31 Feb 1994 08:49:37 GMT   | null",
                "sun, 06 nOV 1994 08:49:37 gmt   | 784111777",
                "SUNDAY, 06-nov-94 08:49:37 gmt  | 784111777",
                "Sun, 06 Nov 1994 08:49:37 UTC   | null",
                "0                               | null",
                "784111777                       | null",
            })
    void datesHaveThreeForms(String text, @Nullable Long seconds) {
        Instant parsed = HttpDate.parse(text, NOW);
        assertThat(parsed == null ? null : parsed.getEpochSecond()).isEqualTo(seconds);
    }
}
