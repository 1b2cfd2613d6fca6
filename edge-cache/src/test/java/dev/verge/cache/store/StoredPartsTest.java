package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.SCOPE;
import static dev.verge.cache.store.CacheFixture.await;
import static dev.verge.cache.store.CacheFixture.body;
import static dev.verge.cache.store.CacheFixture.draft;
import static dev.verge.cache.store.CacheFixture.drain;
import static dev.verge.cache.store.CacheFixture.get;
import static dev.verge.cache.store.CacheFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.ContentRange;
import dev.verge.cache.partial.PartDraft;
import dev.verge.cache.partial.Slices;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outlines, slices and parts that stand alone, on a real folder. */
class StoredPartsTest {
    private static final long LENGTH = 3 * Slices.BYTES + 77;
    private static final byte[] SLICE = body(1, (int) Slices.BYTES);

    @TempDir
    Path folder;

    private static StoredResponse whole() {
        return draft(get("/film"), "Content-Length", Long.toString(LENGTH), "ETag", "\"a\"", "Cache-Tag", "films");
    }

    private static StoredResponse outline(CacheFixture store) {
        Fill fill = store.cache.insert(store.lookup("/film"), PartDraft.outline(whole()), Long.MAX_VALUE);
        fill.complete();
        return fill.response();
    }

    private static CacheKey slice(CacheFixture store, StoredResponse outline, long index) {
        CacheKey key = key("/film").slice(outline.id(), index);
        Lookup place = store.lookup("/film").forNew(key);
        Fill fill = store.cache.insert(place, PartDraft.part(whole(), Slices.range(index, LENGTH)), Long.MAX_VALUE);
        store.write(fill, SLICE).complete();
        return key;
    }

    @Test
    void anOutlineLeadsToItsSlicesAlsoAfterARestart() throws CacheOpenException {
        CacheKey sliceKey;
        try (CacheFixture store = CacheFixture.open(folder)) {
            sliceKey = slice(store, outline(store), 1);
            store.awaitIdle();
        }

        try (CacheFixture store = CacheFixture.open(folder)) {
            StoredResponse outline = store.lookup("/film").variants().getFirst();
            assertThat(outline.isOutline()).isTrue();
            assertThat(outline.range()).isEqualTo(ContentRange.nothingOf(LENGTH));
            assertThat(key("/film").slice(outline.id(), 1)).isEqualTo(sliceKey);
            Lookup found = await(store.cache.lookup(sliceKey));
            StoredResponse slice = found.variants().getFirst();
            assertThat(slice.range()).isEqualTo(Slices.range(1, LENGTH));
            assertThat(store.read(found, slice)).contains(SLICE);
            assertThat(drain(await(store.cache.open(found, slice, 5, 10)).orElseThrow()))
                    .isEqualTo(java.util.Arrays.copyOfRange(SLICE, 5, 15));
        }
    }

    @Test
    void purgesOfAnyKindStrikeSlices() throws CacheOpenException {
        List<PurgeMark> marks = List.of(
                PurgeMark.everything(SCOPE, false),
                PurgeMark.host(SCOPE, "shop.example", false),
                PurgeMark.tag(SCOPE, "films", false),
                PurgeMark.prefix(SCOPE, null, "/fi", false),
                new PurgeMark(PurgeMark.Kind.URL, SCOPE, "*", "/film", false));
        try (CacheFixture store = CacheFixture.open(folder)) {
            for (PurgeMark mark : marks) {
                CacheKey key = slice(store, outline(store), 0);
                store.awaitIdle();
                assertThat(await(store.cache.lookup(key)).variants()).hasSize(1);

                await(store.cache.purge(List.of(mark)));

                assertThat(await(store.cache.lookup(key)).variants())
                        .as(mark.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void aPurgeDuringTheFetchStrikesASliceThatCountsAsFetchedBefore() throws CacheOpenException {
        try (CacheFixture store = CacheFixture.open(folder)) {
            StoredResponse outline = outline(store);
            Lookup before = store.lookup("/film");
            CacheKey key = key("/film").slice(outline.id(), 0);
            await(store.cache.purge(List.of(PurgeMark.tag(SCOPE, "films", false))));
            Fill fill = store.cache.insert(
                    before.forNew(key), PartDraft.part(whole(), Slices.range(0, LENGTH)), Long.MAX_VALUE);
            store.write(fill, SLICE).complete();
            store.awaitIdle();

            assertThat(await(store.cache.lookup(key)).variants()).isEmpty();
        }
    }

    @Test
    void anInvalidationLeavesNoOutlineAndTheNextOneLeadsToOtherSlices() throws CacheOpenException {
        try (CacheFixture store = CacheFixture.open(folder)) {
            CacheKey old = slice(store, outline(store), 0);
            store.awaitIdle();

            store.cache.invalidate(key("/film"));

            assertThat(store.lookup("/film").variants()).isEmpty();
            assertThat(key("/film").slice(outline(store).id(), 0)).isNotEqualTo(old);
        }
    }

    @Test
    void aPartNeverEndsACompleteResponseAndACompleteOneEndsAllParts() throws CacheOpenException {
        try (CacheFixture store = CacheFixture.open(folder)) {
            store.store("/film", body(2, 100));
            Fill part = store.cache.insert(
                    store.lookup("/film"), PartDraft.part(whole(), ContentRange.part(0, 10, LENGTH)), Long.MAX_VALUE);
            store.write(part, body(3, 10)).complete();
            outline(store);
            store.awaitIdle();

            assertThat(store.lookup("/film").variants())
                    .extracting(StoredResponse::isComplete)
                    .containsExactly(true, false, false);
            store.store("/film", body(4, 100));
            assertThat(store.lookup("/film").variants())
                    .extracting(StoredResponse::isComplete)
                    .containsExactly(true);
        }
    }

    @Test
    void whatIsDroppedIsGoneFromBothTiers() throws CacheOpenException {
        try (CacheFixture store = CacheFixture.open(folder)) {
            StoredResponse outline = outline(store);
            store.awaitIdle();

            store.cache.drop(key("/film"), outline);

            assertThat(store.lookup("/film").variants()).isEmpty();
            store.awaitIdle();
        }
        try (CacheFixture store = CacheFixture.open(folder)) {
            assertThat(store.lookup("/film").variants()).isEmpty();
        }
    }

    @Test
    void aFillThatKeepsNothingIsReadByThoseWhoFollowIt() throws CacheOpenException {
        try (CacheFixture store = CacheFixture.open(folder)) {
            Fill fill = store.cache.insert(store.lookup("/film"), PartDraft.part(whole(), Slices.range(0, LENGTH)), 0);
            BodyReader reader = fill.reader(100, 50).orElseThrow();
            store.write(fill, SLICE).complete();

            assertThat(drain(reader)).isEqualTo(java.util.Arrays.copyOfRange(SLICE, 100, 150));
            store.awaitIdle();
            assertThat(store.lookup("/film").variants()).isEmpty();
        }
    }
}
