package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.SCOPE;
import static dev.verge.cache.store.CacheFixture.await;
import static dev.verge.cache.store.CacheFixture.body;
import static dev.verge.cache.store.CacheFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.CacheTags;
import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.store.PurgeMarks.Verdict;
import dev.verge.cache.store.Slot.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inputs made to cost more than they should. */
class AbuseTest {
    @TempDir
    Path folder;

    /** "Aa" and "BB" have the same hash, and so has every text put together from them. */
    @Test
    void keysMadeToCollideDoNotSlowTheMemoryTierDown() throws Exception {
        List<CacheKey> keys = new ArrayList<>();
        for (int i = 0; i < 1 << 15; i++) {
            var path = new StringBuilder("/");
            for (int bit = 0; bit < 15; bit++) {
                path.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            keys.add(key(path.toString()));
        }
        assertThat(new HashSet<>(keys.stream().map(CacheKey::hashCode).toList()))
                .hasSize(1);
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 64 << 20, 0))) {
            // A list would take half a thousand million comparisons.
            assertTimeout(Duration.ofSeconds(10), () -> {
                for (CacheKey key : keys) {
                    Lookup lookup = await(fixture.cache.lookup(key));
                    fixture.cache
                            .insert(lookup, CacheFixture.draft(CacheFixture.get("/")), 10)
                            .complete();
                }
                for (CacheKey key : keys) {
                    assertThat(fixture.cache.lookupNow(key)).isNotNull();
                }
            });
        }
    }

    @Test
    void headsBeyondTheirBoundArePassedOnAndNotKept() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            String most = "x".repeat(Intake.MAX_HEAD_CHARACTERS / 2);
            fixture.store("/fits", body(1, 100), "A", most);
            assertThat(fixture.read("/fits")).hasValue(body(1, 100));
            Fill fill = fixture.begin("/large", "A", most, "B", most);
            BodyReader reader = fill.reader(0).orElseThrow();
            fixture.write(fill, body(2, 100)).complete();
            assertThat(CacheFixture.drain(reader)).isEqualTo(body(2, 100));
            fixture.awaitIdle();
            assertThat(fixture.read("/large")).isEmpty();
            // Without a body as well.
            fixture.begin("/empty", "A", most, "B", most).complete();
            fixture.awaitIdle();
            assertThat(fixture.lookup("/empty").variants()).isEmpty();
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.read("/fits")).hasValue(body(1, 100));
            assertThat(fixture.gauge("verge.cache.disk.entries")).isEqualTo(1);
        }
    }

    @Test
    void tagsBeyondTheirNumberAndLengthDoNotCount() throws Exception {
        var many = new StringBuilder("t".repeat(CacheTags.MAX_TAG_CHARACTERS + 1));
        for (int i = 0; i < CacheTags.MAX_TAGS + 100; i++) {
            many.append(", tag").append(i);
        }
        List<String> tags = CacheFixture.draft(CacheFixture.get("/a"), "Cache-Tag", many.toString())
                .tags();
        assertThat(tags).hasSize(CacheTags.MAX_TAGS).startsWith("tag0").endsWith("tag" + (CacheTags.MAX_TAGS - 1));
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", body(1, 100), "Cache-Tag", many.toString());
            await(fixture.cache.purge(List.of(PurgeMark.tag(SCOPE, "tag999", false))));
            assertThat(fixture.read("/a")).isEmpty();
        }
    }

    @Test
    void varyOnMoreNamesThanItsBoundMatchesNothing() {
        var names = new StringBuilder("X0");
        var fields = new ArrayList<String>(List.of("X0", "a"));
        for (int i = 1; i < 32; i++) {
            names.append(", X").append(i);
            fields.addAll(List.of("X" + i, "a"));
        }
        RequestHead request = CacheFixture.get("/a", fields.toArray(String[]::new));
        StoredResponse most = CacheFixture.draft(request, "Vary", names.toString());
        assertThat(most.vary().matches(request.fields())).isTrue();
        HttpFields tooMany = HttpFields.of("Vary", names + ", X32", "Cache-Control", "max-age=3600");
        Instant now = Instant.now();
        switch (StoreDecision.decide(request, new ResponseHead(200, tooMany), now, now, CacheOptions.DEFAULT)) {
            case StoreDecision.Store store ->
                assertThat(store.draft().vary().never()).isTrue();
            case StoreDecision.DoNotStore refused ->
                assertThat(refused.toString().toLowerCase(Locale.ROOT)).contains("vary");
        }
    }

    @Test
    void prefixesOfThousandsOfLengthsBecomeFewAndWiderOnes() {
        var marks = new PurgeMarks(100_000);
        CacheKey struck = key("/" + "a".repeat(5_000));
        CacheKey other = key("/b");
        for (int length = 10; length < 4_000; length++) {
            marks.add(PurgeMark.prefix(SCOPE, "shop.example", struck.path().substring(0, length), false));
        }
        assertThat(marks.size()).isLessThanOrEqualTo(PrefixLengths.MAX_LENGTHS);
        assertThat(marks.verdict(struck, plain(), marks.latest() - 1)).isEqualTo(Verdict.DEAD);
        assertThat(marks.verdict(other, plain(), 0)).isEqualTo(Verdict.ALIVE);
        // Shorter than all that are kept: everything of the host is struck rather than too little.
        marks.add(PurgeMark.prefix(SCOPE, "shop.example", "/b", false));
        assertThat(marks.verdict(other, plain(), marks.latest() - 1)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void marksAreBoundedByTheirCharactersToo() {
        int limit = 100;
        var marks = new PurgeMarks(limit);
        String large = "t".repeat(1_000);
        long epoch = marks.latest();
        for (int i = 0; i < 60; i++) {
            marks.add(PurgeMark.tag(SCOPE, large + i, false));
        }
        assertThat(marks.isFull()).isTrue();
        marks.compact(epoch);
        assertThat(marks.isFull()).isFalse();
        assertThat(marks.size()).isLessThan(30);
        for (int i = 0; i < 60; i++) {
            assertThat(marks.verdict(key("/a"), tagged(large + i), epoch)).isEqualTo(Verdict.DEAD);
        }
    }

    @Test
    void marksOfOthersDoNotMakeAnEntryBeComparedAgain() {
        var marks = new PurgeMarks(100_000);
        marks.add(PurgeMark.tag(SCOPE, "t", false));
        long own = marks.latest(SCOPE);
        for (int i = 0; i < 1_000; i++) {
            marks.add(PurgeMark.tag("default/other#" + i, "t", false));
        }
        assertThat(marks.latest()).isEqualTo(1_001);
        assertThat(marks.latest(SCOPE)).isEqualTo(own).isEqualTo(1);
    }

    /** However the free blocks are scattered, as many as there are can be taken, each once. */
    @Test
    void blocksAreGivenOutOnceWhateverTheHoles() {
        int size = 2_000;
        var map = new BlockMap(size);
        var random = new SplittableRandom(3);
        List<Extents> held = new ArrayList<>();
        var owned = new HashSet<Integer>();
        for (int i = 0; i < 20_000; i++) {
            int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 400 : 12);
            while (map.free() < count) {
                Extents given = held.remove(random.nextInt(held.size()));
                each(given, owned::remove);
                map.give(given);
            }
            Extents taken = map.take(count);
            assertThat(taken.blocks()).isEqualTo(count);
            each(taken, block -> {
                assertThat(block).isBetween(0, size - 1);
                assertThat(owned.add(block)).isTrue();
            });
            assertThat(map.free()).isEqualTo(size - owned.size());
            held.add(taken);
            int cut = random.nextInt(count + 1);
            assertThat(taken.upTo(cut).plus(taken.from(cut))).isEqualTo(taken);
        }
    }

    private static StoredResponse plain() {
        return CacheFixture.draft(CacheFixture.get("/"));
    }

    private static StoredResponse tagged(String tag) {
        return CacheFixture.draft(CacheFixture.get("/"), "Cache-Tag", tag);
    }

    private static void each(Extents extents, java.util.function.Consumer<Integer> action) {
        for (int i = 0; i < extents.count(); i++) {
            for (int j = 0; j < extents.blocks(i); j++) {
                action.accept(extents.first(i) + j);
            }
        }
    }

    @Test
    void theIndexFindsEveryEntryWhileItGrowsAndShrinks() {
        var table = new SlotTable();
        var random = new SplittableRandom(4);
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            // Few different hashes, so that some share one.
            long hash = random.nextLong(20_000) * 0x9E3779B97F4A7C15L;
            var slot = new Slot(i, hash, 0, false, new Place(Extents.run(i, 1), 0, 10));
            table.add(slot);
            slots.add(slot);
        }
        for (Slot slot : slots) {
            assertThat(table.find(slot.hash)).contains(slot);
        }
        for (Slot slot : slots) {
            assertThat(table.remove(slot)).isTrue();
            assertThat(table.remove(slot)).isFalse();
            assertThat(table.find(slot.hash)).doesNotContain(slot);
        }
        assertThat(table.entries()).isZero();
    }
}
