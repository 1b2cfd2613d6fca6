package dev.verge.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.options.CacheOptions.KeyOptions;
import dev.verge.cache.options.CacheOptions.QueryOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchEquivalenceTest {
    private static final String FIELD = "No-Vary-Search";
    private static final String IGNORES_UTM = "params=(\"utm\")";

    @TempDir
    Path folder;

    /** What is served for a URL that is not stored itself. */
    private static Optional<byte[]> equivalent(CacheFixture fixture, CacheKey key) {
        return CacheFixture.await(fixture.cache.lookupEquivalent(key))
                .flatMap(found -> fixture.read(found, found.variants().getLast()));
    }

    private static Optional<byte[]> equivalent(CacheFixture fixture, String path) {
        return equivalent(fixture, CacheFixture.key(path));
    }

    @Test
    void aStoredResponseStandsForEquivalentUrls() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            byte[] body = CacheFixture.body(1, 500);
            fixture.store("/p?id=1&utm=x", body, FIELD, IGNORES_UTM);

            assertThat(equivalent(fixture, "/p?id=1&utm=y")).contains(body);
            assertThat(equivalent(fixture, "/p?id=1")).contains(body);
            assertThat(equivalent(fixture, "/p?id=2&utm=x")).isEmpty();
            assertThat(equivalent(fixture, "/p")).isEmpty();
            assertThat(equivalent(fixture, "/P?id=1")).isEmpty();
            assertThat(equivalent(fixture, "/p/?id=1")).isEmpty();
            assertThat(fixture.read("/p?id=1")).isEmpty();
        }
    }

    @Test
    void nothingCrossesScopesHostsSchemesOrOtherPartsOfTheKey() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/p?utm=x", CacheFixture.body(1, 10), FIELD, IGNORES_UTM);
            var request = CacheFixture.get("/p");
            KeyOptions options = CacheOptions.DEFAULT.key();

            assertThat(equivalent(fixture, CacheKey.of("default/site#2", request, options)))
                    .isEmpty();
            assertThat(equivalent(fixture, CacheKey.of(CacheFixture.SCOPE, request, options, List.of("variant"))))
                    .isEmpty();
            for (var other : List.of(
                    new dev.verge.cache.http.RequestHead("GET", "https", "shop.example", "/p", null, request.fields()),
                    new dev.verge.cache.http.RequestHead(
                            "GET", "http", "other.example", "/p", null, request.fields()))) {
                assertThat(equivalent(fixture, CacheKey.of(CacheFixture.SCOPE, other, options)))
                        .isEmpty();
            }
        }
    }

    /** The site's policy comes first: what it keeps apart or drops, the origin's word does not change. */
    @Test
    void theSitesPolicyComesFirst() throws Exception {
        var options = new KeyOptions(
                new QueryOptions(QueryOptions.QueryMode.DENY, List.of("session"), true), List.of(), List.of(), false);
        try (var fixture = CacheFixture.open(folder)) {
            byte[] body = CacheFixture.body(1, 10);
            var request = CacheFixture.get("/p?session=1&utm=x&id=3");
            CacheKey key = CacheKey.of(CacheFixture.SCOPE, request, options);
            Lookup lookup = CacheFixture.await(fixture.cache.lookup(key));
            fixture.write(fixture.begin(lookup, request, FIELD, IGNORES_UTM), body)
                    .complete();
            fixture.awaitIdle();

            CacheKey other = CacheKey.of(CacheFixture.SCOPE, CacheFixture.get("/p?id=3&session=2&utm=y"), options);
            assertThat(equivalent(fixture, other)).contains(body);
        }
    }

    @Test
    void purgingAnyUrlOfAResponseStrikesIt() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            for (List<PurgeMark> marks : List.of(
                    List.copyOf(PurgeMark.url(
                            CacheFixture.SCOPE,
                            "shop.example",
                            "/p",
                            "utm=other",
                            List.of(CacheOptions.DEFAULT.key()),
                            false)),
                    List.copyOf(PurgeMark.url(CacheFixture.SCOPE, null, "/p", null, List.of(), false)),
                    List.of(PurgeMark.prefix(CacheFixture.SCOPE, null, "/p?utm=another", false)),
                    List.of(PurgeMark.prefix(CacheFixture.SCOPE, null, "/p", false)))) {
                fixture.store("/p?utm=x", CacheFixture.body(1, 10), FIELD, IGNORES_UTM);
                fixture.store("/q?utm=x", CacheFixture.body(2, 10), FIELD, IGNORES_UTM);
                fixture.store("/p?plain", CacheFixture.body(3, 10));

                CacheFixture.await(fixture.cache.purge(marks));

                assertThat(equivalent(fixture, "/p")).as("%s", marks).isEmpty();
                assertThat(fixture.read("/p?utm=x")).as("%s", marks).isEmpty();
                assertThat(equivalent(fixture, "/q")).as("%s", marks).isPresent();
                boolean wholePath = marks.getFirst().value().equals("/p")
                        && marks.getFirst().kind() == PurgeMark.Kind.PREFIX;
                assertThat(fixture.read("/p?plain").isPresent()).as("%s", marks).isEqualTo(!wholePath);
            }
        }
    }

    @Test
    void anUnsafeRequestDropsWhatIsServedInItsPlace() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/p?utm=x", CacheFixture.body(1, 10), FIELD, IGNORES_UTM);
            fixture.cache.invalidate(CacheFixture.key("/p?utm=y"));
            assertThat(equivalent(fixture, "/p?utm=y")).isEmpty();
            assertThat(fixture.read("/p?utm=x")).isEmpty();
        }
    }

    @Test
    void afterARestartAUrlIsRememberedOnceItIsAskedFor() throws Exception {
        byte[] body = CacheFixture.body(1, 10);
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/p?utm=x", body, FIELD, IGNORES_UTM);
            fixture.store("/gone?utm=x", body, FIELD, IGNORES_UTM);
        }
        try (var fixture = CacheFixture.open(folder)) {
            CacheFixture.await(fixture.cache.purge(
                    List.copyOf(PurgeMark.url(CacheFixture.SCOPE, null, "/gone", "utm=z", List.of(), false))));
            assertThat(equivalent(fixture, "/p?utm=y")).isEmpty();
            assertThat(fixture.read("/p?utm=x")).contains(body);
            assertThat(equivalent(fixture, "/p?utm=y")).contains(body);
            assertThat(fixture.read("/gone?utm=x")).isEmpty();
            assertThat(equivalent(fixture, "/gone?utm=y")).isEmpty();
        }
    }

    @Test
    void aVarianceThatChangesEachTimePushesOutItsOwnKind() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            byte[] body = CacheFixture.body(1, 10);
            fixture.store("/calm?utm=x", body, FIELD, IGNORES_UTM);
            for (int i = 0; i < 50; i++) {
                fixture.store("/wild?n=" + i, body, FIELD, "params=(\"p" + i + "\")");
            }
            assertThat(equivalent(fixture, "/calm")).contains(body);
            assertThat(equivalent(fixture, "/wild?n=49&p49=1")).contains(body);
            assertThat(equivalent(fixture, "/wild?n=10&p10=1")).isEmpty();
            assertThat(equivalent(fixture, "/wild?n=48&p49=1")).isEmpty();
        }
    }

    @Test
    void theMemoryOfEquivalentsIsBounded() {
        var memory = new SearchMemory();
        for (int i = 0; i < 20_000; i++) {
            String path = "/" + "x".repeat(2_000) + i + "?utm=1";
            memory.stored(CacheFixture.key(path), CacheFixture.draft(CacheFixture.get(path), FIELD, IGNORES_UTM));
        }
        assertThat(memory.characters()).isLessThanOrEqualTo(SearchMemory.MAX_CHARACTERS);
    }
}
