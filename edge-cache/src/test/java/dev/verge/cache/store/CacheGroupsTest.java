package dev.verge.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.CacheGroups;
import dev.verge.cache.decision.CacheGroups.Invalidated;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheGroupsTest {
    private static final String HOST = "shop.example";

    @TempDir
    Path folder;

    private static Invalidated invalidated(String method, int status, String value) {
        return CacheGroups.invalidated(
                new RequestHead(method, "http", HOST, "/", null, HttpFields.EMPTY),
                new ResponseHead(status, HttpFields.of("Cache-Group-Invalidation", value)));
    }

    private static void invalidate(CacheFixture fixture, String... names) {
        fixture.cache.invalidateGroups(CacheFixture.SCOPE, HOST, new Invalidated.Groups(List.of(names)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | 200 | \"a\", \"b\" | a b",
                "POST | 303 | \"a\";x=\"y\" | a",
                "FOO | 204 | \"a\", \"a\" | a",
                "DELETE | 200 | \"with \\\" and \\\\\" | with \" and \\",
                "POST | 404 | \"a\" | ",
                "POST | 500 | \"a\" | ",
                "GET | 200 | \"a\" | ",
                "HEAD | 200 | \"a\" | ",
                "OPTIONS | 200 | \"a\" | ",
                "POST | 200 | a | ",
                "POST | 200 | \"a\", b | ",
                "POST | 200 | \"a\" \"b\" | ",
                "POST | 200 | (\"a\") | ",
                "POST | 200 | \"a\", | ",
                "POST | 200 | \"a | ",
                "POST | 200 | 'a' | "
            })
    void unsafeRequestsInvalidateTheGroupsThatAWellFormedAnswerNames(
            String method, int status, String value, String expected) {
        Invalidated changed = invalidated(method, status, value);
        if (expected == null) {
            assertThat(changed).isEqualTo(new Invalidated.None());
        } else {
            assertThat(changed)
                    .isInstanceOfSatisfying(
                            Invalidated.Groups.class,
                            groups ->
                                    assertThat(String.join(" ", groups.names())).isEqualTo(expected));
        }
    }

    /** RFC 9875 §2 asks for 32 groups of 32 characters. */
    @Test
    void moreGroupsThanAreCountedMeanAll() {
        String many = groups(CacheGroups.MAX_GROUPS - 1);
        String tooMany = groups(CacheGroups.MAX_GROUPS + 1);
        assertThat(invalidated("POST", 200, many)).isInstanceOf(Invalidated.Groups.class);
        assertThat(invalidated("POST", 200, tooMany)).isEqualTo(new Invalidated.EveryGroup());
    }

    private static String groups(int count) {
        return String.join(
                ", ",
                IntStream.range(0, count)
                        .mapToObj(i -> "\"" + "g".repeat(32) + i + "\"")
                        .toList());
    }

    @Test
    void aGroupIsOfOneOriginAndItsNameIsExact() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", CacheFixture.body(1, 10), "Cache-Groups", "\"x\", \"y\"");
            fixture.store("/b", CacheFixture.body(1, 10), "Cache-Groups", "\"X\", \"*\", \"\"");
            fixture.store("/c", CacheFixture.body(1, 10), "Cache-Groups", "x");
            fixture.store("/d", CacheFixture.body(1, 10), "Cache-Tag", "y");

            fixture.cache.invalidateGroups(CacheFixture.SCOPE, "other.example", new Invalidated.Groups(List.of("x")));
            fixture.cache.invalidateGroups("other", HOST, new Invalidated.Groups(List.of("x")));
            assertThat(fixture.read("/a")).isPresent();
            invalidate(fixture, "y");
            assertThat(fixture.read("/a")).isEmpty();
            assertThat(fixture.read("/b")).isPresent();
            assertThat(fixture.read("/d")).isPresent();
            invalidate(fixture, "");
            assertThat(fixture.read("/b")).isEmpty();
            fixture.cache.invalidateGroups(CacheFixture.SCOPE, HOST, new Invalidated.EveryGroup());
            assertThat(fixture.read("/c")).isPresent();
        }
    }

    @Test
    void aFetchThatBeganBeforeIsNotKept() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            Fill fill = fixture.begin("/a", "Cache-Groups", "\"x\"");
            Lookup lookup = fixture.lookup("/a");
            invalidate(fixture, "x");
            assertThat(fixture.cache.outdated(lookup)).isTrue();
            fixture.write(fill, CacheFixture.body(1, 10)).complete();
            fixture.awaitIdle();
            assertThat(fixture.read("/a")).isEmpty();
        }
    }

    @Test
    void anInvalidationSurvivesARestart() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", CacheFixture.body(1, 10), "Cache-Groups", "\"x\"");
            fixture.store("/b", CacheFixture.body(2, 10), "Cache-Groups", "\"y\"");
            invalidate(fixture, "x");
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.read("/a")).isEmpty();
            assertThat(fixture.read("/b")).isPresent();
        }
    }

    /** An origin that names new groups for ever costs its own groups their entries, and other sites nothing. */
    @Test
    void aFloodOfInvalidationsIsBoundedAndStaysInItsScope() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/grouped", CacheFixture.body(1, 10), "Cache-Groups", "\"calm\"");
            fixture.store("/plain", CacheFixture.body(2, 10));
            CacheFixture.await(fixture.cache.purge(List.of(PurgeMark.tag("other/site#1", "tag", false))));
            for (int i = 0; i < 20 * PurgeMarks.MAX_GROUP_MARKS; i++) {
                invalidate(fixture, "flood" + i);
            }
            assertThat(fixture.gauge("verge.cache.marks")).isLessThanOrEqualTo(PurgeMarks.MAX_GROUP_MARKS + 2.0);
            assertThat(fixture.read("/grouped")).isEmpty();
            assertThat(fixture.read("/plain")).isPresent();
            // The operator's purges still find room in the queue.
            CacheFixture.await(fixture.cache.purge(List.of(PurgeMark.everything(CacheFixture.SCOPE, false))));
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.gauge("verge.cache.marks")).isLessThanOrEqualTo(PurgeMarks.MAX_GROUP_MARKS + 3.0);
            assertThat(fixture.read("/plain")).isEmpty();
        }
    }
}
