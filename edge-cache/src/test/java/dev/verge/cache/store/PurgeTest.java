package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.SCOPE;
import static dev.verge.cache.store.CacheFixture.await;
import static dev.verge.cache.store.CacheFixture.body;
import static dev.verge.cache.store.CacheFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.options.CacheOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PurgeTest {
    private static final List<String> PATHS = List.of("/a", "/a?x=1", "/a?b=2&a=1", "/img/1", "/img/2", "/imgs");

    @TempDir
    Path folder;

    static Stream<Arguments> marks() {
        List<CacheOptions.KeyOptions> policies = List.of(CacheOptions.DEFAULT.key());
        return Stream.of(
                Arguments.of("everything", List.of(PurgeMark.everything(SCOPE, false)), PATHS),
                Arguments.of("another scope", List.of(PurgeMark.everything("default/site#2", false)), List.of()),
                Arguments.of("host", List.of(PurgeMark.host(SCOPE, "SHOP.example:8080", false)), PATHS),
                Arguments.of("another host", List.of(PurgeMark.host(SCOPE, "example", false)), List.of()),
                Arguments.of("tag", List.of(PurgeMark.tag(SCOPE, "images", false)), List.of("/img/1", "/img/2")),
                Arguments.of(
                        "prefix", List.of(PurgeMark.prefix(SCOPE, null, "/img/", false)), List.of("/img/1", "/img/2")),
                Arguments.of(
                        "prefix of a host",
                        List.of(PurgeMark.prefix(SCOPE, "shop.example", "/im", false)),
                        List.of("/img/1", "/img/2", "/imgs")),
                Arguments.of(
                        "prefix of another host",
                        List.of(PurgeMark.prefix(SCOPE, "x.example", "/im", false)),
                        List.of()),
                Arguments.of(
                        "url",
                        List.copyOf(PurgeMark.url(SCOPE, "shop.example", "/a", null, policies, false)),
                        List.of("/a")),
                Arguments.of(
                        "url with query",
                        List.copyOf(PurgeMark.url(SCOPE, null, "/a", "x=1", policies, false)),
                        List.of("/a?x=1")),
                Arguments.of(
                        "url with unsorted query",
                        List.copyOf(PurgeMark.url(SCOPE, null, "/a", "b=2&a=1", policies, false)),
                        List.of("/a?b=2&a=1")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("marks")
    void strikesWhatMatchesAndNothingElseAlsoAfterARestart(String name, List<PurgeMark> marks, List<String> struck)
            throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            for (String path : PATHS) {
                fixture.store(path, body(1, 100), path.startsWith("/img/") ? "Cache-Tag" : "X", "all, images");
            }
            assertThat(present(fixture)).isEqualTo(PATHS);
            await(fixture.cache.purge(marks));
            assertThat(present(fixture)).isEqualTo(without(struck));
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(present(fixture)).isEqualTo(without(struck));
        }
    }

    /** Entries that only the disk knows, struck by a mark that only the disk knows. */
    @Test
    void strikesEntriesThatWereNotLookedUpBeforeTheRestart() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", body(1, 100), "Surrogate-Key", "k1 k2");
            await(fixture.cache.purge(List.of(PurgeMark.tag(SCOPE, "k2", false))));
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.read("/a")).isEmpty();
            fixture.store("/a", body(2, 100), "Surrogate-Key", "k1 k2");
            assertThat(fixture.read("/a")).hasValue(body(2, 100));
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.read("/a")).hasValue(body(2, 100));
        }
    }

    @Test
    void takesEffectBeforeItIsDurable() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", body(1, 100));
            var durable = fixture.cache.purge(List.of(PurgeMark.everything(SCOPE, false)));
            assertThat(fixture.lookup("/a").variants()).isEmpty();
            await(durable);
        }
    }

    @Test
    void softPurgedEntriesAreStaleUntilStoredAgain() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", body(1, 100));
            await(fixture.cache.purge(List.of(PurgeMark.everything(SCOPE, true))));
            assertThat(fixture.lookup("/a").variants().getFirst().isSoftPurged())
                    .isTrue();
            assertThat(fixture.read("/a")).hasValue(body(1, 100));
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.lookup("/a").variants().getFirst().isSoftPurged())
                    .isTrue();
            fixture.store("/a", body(2, 100));
            assertThat(fixture.lookup("/a").variants().getFirst().isSoftPurged())
                    .isFalse();
        }
    }

    @Test
    void aFillThatBeganBeforeThePurgeDoesNotSurviveIt() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            Lookup before = fixture.lookup("/a");
            Fill purgedWhileFetching = fixture.begin(before, get("/a"), "Cache-Tag", "t");
            fixture.write(purgedWhileFetching, body(1, 1000));
            await(fixture.cache.purge(List.of(PurgeMark.tag(SCOPE, "t", false))));
            assertThat(fixture.cache.outdated(before)).isTrue();
            purgedWhileFetching.complete();
            fixture.awaitIdle();
            assertThat(fixture.read("/a")).isEmpty();

            fixture.write(fixture.begin("/a", "Cache-Tag", "t"), body(2, 1000)).complete();
            assertThat(fixture.read("/a")).hasValue(body(2, 1000));
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.read("/a")).hasValue(body(2, 1000));
        }
    }

    @Test
    void aPurgeOfSomethingElseDoesNotDisturbAFetchUnderWay() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            Lookup before = fixture.lookup("/a");
            await(fixture.cache.purge(List.of(PurgeMark.prefix(SCOPE, null, "/b", false))));
            assertThat(fixture.cache.outdated(before)).isFalse();
        }
    }

    /** Too many marks become fewer and wider ones: they may strike too much, never too little. */
    @Test
    void marksAreBoundedAndNeverStrikeTooLittle() throws Exception {
        int limit = 100;
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 32 << 20, 64 << 20), limit)) {
            List<String> purged = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                fixture.store("/" + i, body(i, 50), "Cache-Tag", "t" + i);
            }
            for (int i = 0; i < 400; i += 2) {
                await(fixture.cache.purge(List.of(PurgeMark.tag(SCOPE, "t" + i, false))));
                purged.add("/" + i);
                assertThat(fixture.gauge("verge.cache.marks")).isLessThanOrEqualTo(limit + 1.0);
            }
            for (String path : purged) {
                assertThat(fixture.lookup(path).variants()).as(path).isEmpty();
            }
            fixture.store("/new", body(1, 50), "Cache-Tag", "t0");
            assertThat(fixture.read("/new")).isPresent();
        }
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 32 << 20, 64 << 20), limit)) {
            for (int i = 0; i < 400; i += 2) {
                assertThat(fixture.lookup("/" + i).variants()).as("/" + i).isEmpty();
            }
            assertThat(fixture.read("/new")).isPresent();
        }
    }

    private static List<String> present(CacheFixture fixture) {
        return PATHS.stream().filter(path -> fixture.read(path).isPresent()).toList();
    }

    private static List<String> without(List<String> struck) {
        return PATHS.stream().filter(path -> !struck.contains(path)).toList();
    }
}
