package dev.verge.cache.partial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.ContentRange;
import dev.verge.cache.http.HttpDate;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RangeSpec;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.partial.RangeMemory.Way;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartSelectionTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long MIB = 1 << 20;

    private static RequestHead get(String... fields) {
        return new RequestHead("GET", "http", "h", "/", null, HttpFields.of(fields));
    }

    private static RequestHead range(String range) {
        return get("Range", range);
    }

    private static StoredResponse part(long id, String contentRange, String... fields) {
        HttpFields all = HttpFields.of(fields).with("Content-Range", contentRange);
        ContentRange range = ContentRange.of(all);
        return new StoredResponse(
                id, new ResponseHead(206, all), HttpFields.EMPTY, NOW, NOW, range == null ? 0 : range.length(), false);
    }

    private static StoredResponse complete(long id, String... fields) {
        return new StoredResponse(
                id, new ResponseHead(200, HttpFields.of(fields)), HttpFields.EMPTY, NOW, NOW, 10, false);
    }

    private static PartSelection select(RequestHead request, StoredResponse... stored) {
        return PartSelection.of(request, List.of(stored), Way.SLICES);
    }

    private static List<Long> ids(PartSelection selection) {
        return selection.candidates().stream().map(StoredResponse::id).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=4-8 | true",
                "bytes=6-8 | true",
                "bytes=6- | true",
                "bytes=4-100 | true",
                "bytes=-5 | true",
                "bytes=-1 | true",
                "bytes=9- | true",
                "bytes=-0 | true",
                "bytes=3-5 | false",
                "bytes=0- | false",
                "bytes=-6 | false",
            })
    void aPartAnswersWhatItHolds(String wanted, boolean answers) {
        StoredResponse stored = part(1, "bytes 4-8/9");

        assertThat(ids(select(range(wanted), stored))).isEqualTo(answers ? List.of(1L) : List.of());
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-1;bytes=3-4", "'bytes=0-1,3-4'", "items=0-1", "bytes=5-4", "bytes=-", "bytes=a-b"})
    void whatAsksForNoSinglePartIsAnsweredFromCompleteResponsesOnly(String wanted) {
        PartSelection selection = select(range(wanted.replace(';', ' ')), part(1, "bytes 0-8/9"), complete(2));

        assertThat(ids(selection)).containsExactly(2L);
        assertThat(selection.missing()).isEqualTo(Portion.WHOLE);
    }

    @Test
    void aPartNeverShadowsACompleteResponse() {
        assertThat(ids(select(range("bytes=0-1"), complete(1), part(2, "bytes 0-4/10"))))
                .containsExactly(1L);
    }

    @Test
    void aPartThatHoldsTheRangeGoesBeforeTheOutline() {
        assertThat(ids(select(range("bytes=0-1"), part(1, "bytes 0-4/10"), part(2, "bytes */10"))))
                .containsExactly(1L);
        assertThat(ids(select(range("bytes=6-7"), part(1, "bytes 0-4/10"), part(2, "bytes */10"))))
                .containsExactly(2L);
    }

    @Test
    void varyCountsForParts() {
        StoredResponse german = new StoredResponse(
                1,
                new ResponseHead(206, HttpFields.of("Vary", "Accept-Language", "Content-Range", "bytes */10")),
                HttpFields.of("Accept-Language", "de"),
                NOW,
                NOW,
                0,
                false);

        assertThat(ids(select(get("Range", "bytes=0-1", "Accept-Language", "de"), german)))
                .containsExactly(1L);
        assertThat(ids(select(get("Range", "bytes=0-1", "Accept-Language", "fr"), german)))
                .isEmpty();
    }

    @Test
    void aMissAsksForTheSliceOfItsFirstByte() {
        assertThat(select(range("bytes=5-8")).missing()).isEqualTo(new Portion.FirstSlice(0));
        assertThat(select(range("bytes=1048575-")).missing()).isEqualTo(new Portion.FirstSlice(0));
        assertThat(select(range("bytes=1048576-")).missing()).isEqualTo(new Portion.FirstSlice(1));
        assertThat(new Portion.FirstSlice(1).fields()).isEqualTo(HttpFields.of("Range", "bytes=1048576-2097151"));
    }

    @Test
    void aHugeOffsetAsksForNoNegativeOne() {
        Portion portion = select(range("bytes=999999999999999999999-")).missing();

        assertThat(portion.fields().first("Range")).matches("bytes=\\d+-\\d+");
    }

    @Test
    void theLastBytesAreAskedForAsTheyCameUntilTheLengthIsKnown() {
        StoredResponse known = part(1, "bytes 9999990-9999999/10000000");

        assertThat(select(range("bytes=-500")).missing()).isEqualTo(new Portion.Tail(new RangeSpec.Suffix(500)));
        assertThat(select(range("bytes=-500")).missing().fields()).isEqualTo(HttpFields.of("Range", "bytes=-500"));
        assertThat(select(range("bytes=-500"), known).missing()).isEqualTo(new Portion.FirstSlice(9));
    }

    @Test
    void whatIsKnownOfTheObjectDecidesHowItIsAskedFor() {
        assertThat(PartSelection.of(range("bytes=0-1"), List.of(), Way.WHOLE).missing())
                .isEqualTo(Portion.WHOLE);
        assertThat(PartSelection.of(range("bytes=0-1"), List.of(), Way.AS_IT_CAME)
                        .missing())
                .isInstanceOf(Portion.AsItCame.class);
        assertThat(select(get("Range", "bytes=0-1", "Cache-Control", "no-store"))
                        .missing())
                .isInstanceOf(Portion.AsItCame.class);
    }

    @Test
    void theWholeIsCompletedFromABeginning() {
        assertThat(select(get(), part(1, "bytes 0-4/10", "ETag", "\"a\""))
                        .missing()
                        .fields())
                .isEqualTo(HttpFields.of("Range", "bytes=5-", "If-Range", "\"a\""));
        assertThat(select(get(), part(1, "bytes 0-4/10")).missing().fields())
                .isEqualTo(HttpFields.of("Range", "bytes=5-"));
    }

    @Test
    void theWholeIsCompletedFromAnEndWithAStrongValidatorOnly() {
        String modified = HttpDate.format(NOW.minusSeconds(60));

        assertThat(select(get(), part(1, "bytes 4-9/10", "ETag", "\"a\""))
                        .missing()
                        .fields())
                .isEqualTo(HttpFields.of("Range", "bytes=0-3", "If-Range", "\"a\""));
        assertThat(select(get(), part(1, "bytes 4-9/10", "Last-Modified", modified, "Date", HttpDate.format(NOW)))
                        .missing()
                        .fields())
                .isEqualTo(HttpFields.of("Range", "bytes=0-3", "If-Range", modified));
        assertThat(select(get(), part(1, "bytes 4-9/10", "ETag", "W/\"a\"")).missing())
                .isEqualTo(Portion.WHOLE);
    }

    @Test
    void twoGapsAreNotFilled() {
        assertThat(select(get(), part(1, "bytes 3-5/10", "ETag", "\"a\"")).missing())
                .isEqualTo(Portion.WHOLE);
    }

    @Test
    void slicesOfOneOutlineHaveKeysOfTheirOwnAtTheSameUrl() {
        CacheKey main = CacheKey.of("s", get(), CacheOptions.DEFAULT.key());
        List<CacheKey> keys = List.of(main, main.slice(1, 1), main.slice(1, 11), main.slice(11, 1), main.slice(1, 0));

        assertThat(keys).doesNotHaveDuplicates();
        assertThat(keys).allSatisfy(key -> {
            assertThat(key.path()).isEqualTo(main.path());
            assertThat(key.host()).isEqualTo(main.host());
            assertThat(key.scope()).isEqualTo(main.scope());
        });
    }

    @Test
    void aSliceHoldsWhatLiesInIt() {
        StoredResponse outline = part(7, "bytes */2500000");
        CacheKey main = CacheKey.of("s", get(), CacheOptions.DEFAULT.key());

        Portion.Slice middle = Portion.Slice.of(main, outline, MIB + 5, 2 * MIB);
        Portion.Slice last = Portion.Slice.of(main, outline, 2 * MIB, 2_500_000 - 2 * MIB);

        assertThat(middle.length()).isEqualTo(MIB - 5);
        assertThat(middle.range()).isEqualTo(ContentRange.part(MIB, MIB, 2_500_000));
        assertThat(last.range()).isEqualTo(new ContentRange(2 * MIB, 2_499_999, 2_500_000));
    }

    @Test
    void aSliceBelongsToItsOutlineByAStrongValidatorAndTheLength() {
        StoredResponse outline = part(7, "bytes */2500000", "ETag", "\"a\"");
        CacheKey main = CacheKey.of("s", get(), CacheOptions.DEFAULT.key());
        Portion.Slice slice = Portion.Slice.of(main, outline, 0, 10);
        ContentRange range = ContentRange.part(0, MIB, 2_500_000);

        assertThat(slice.agrees(range, HttpFields.of("ETag", "\"a\""), NOW)).isTrue();
        assertThat(slice.agrees(range, HttpFields.of("ETag", "\"b\""), NOW)).isFalse();
        assertThat(slice.agrees(range, HttpFields.of("ETag", "W/\"a\""), NOW)).isFalse();
        assertThat(slice.agrees(range, HttpFields.EMPTY, NOW)).isFalse();
        assertThat(slice.agrees(ContentRange.part(0, MIB, 2_500_001), HttpFields.of("ETag", "\"a\""), NOW))
                .isFalse();
        assertThat(slice.agrees(ContentRange.part(0, 10, 2_500_000), HttpFields.of("ETag", "\"a\""), NOW))
                .isFalse();
    }

    @Test
    void strongValidatorsAreTagsWithoutWeaknessAndDatesOlderThanTheResponse() {
        String date = HttpDate.format(NOW);
        String older = HttpDate.format(NOW.minusSeconds(1));

        assertThat(validator("ETag", "\"a\"")).isTrue();
        assertThat(validator("ETag", "W/\"a\"", "Last-Modified", older, "Date", date))
                .isFalse();
        assertThat(validator("ETag", "a")).isFalse();
        assertThat(validator("ETag", "")).isFalse();
        assertThat(validator("Last-Modified", older, "Date", date)).isTrue();
        assertThat(validator("Last-Modified", date, "Date", date)).isFalse();
        assertThat(validator("Last-Modified", older)).isFalse();
    }

    private static boolean validator(String... fields) {
        return StrongValidator.of(HttpFields.of(fields), NOW) != null;
    }

    @Test
    void aCompletedHeadHasTheNewFieldsAndKeepsTheOthers() {
        StoredResponse held = part(1, "bytes 0-4/10", "A", "1", "B", "1", "Age", "5", "ETag", "\"a\"");

        ResponseHead combined = PartDraft.combined(
                held, new ResponseHead(200, HttpFields.of("A", "2", "ETag", "\"a\"", "Content-Length", "10")));

        assertThat(combined.fields().all("A")).containsExactly("2");
        assertThat(combined.fields().all("B")).containsExactly("1");
        assertThat(combined.fields().contains("Age")).isFalse();
        assertThat(combined.fields().contains("Content-Range")).isFalse();
        assertThat(combined.fields().first("Content-Length")).isEqualTo("10");
    }

    @Test
    void aLesserThingNeverReplacesAGreaterOne() {
        StoredResponse whole = complete(1);
        StoredResponse outline = part(2, "bytes */10");
        StoredResponse some = part(3, "bytes 0-4/10");

        assertThat(replacedBy(whole)).containsExactly(true, true, true);
        assertThat(replacedBy(outline)).containsExactly(false, true, false);
        assertThat(replacedBy(some)).containsExactly(false, false, true);
    }

    private static List<Boolean> replacedBy(StoredResponse added) {
        return Arrays.asList(complete(1), part(2, "bytes */10"), part(3, "bytes 0-4/10")).stream()
                .map(added::replaces)
                .toList();
    }
}
