package dev.verge.cache.partial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.ContentRange;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RangeSpec;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.partial.RangeMemory.Way;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in Range and Content-Range: nothing throws, and what is taken for a part lies within its representation. */
class PartJunkTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final int CASES = 20_000;
    private static final List<String> PIECES = List.of(
            "bytes",
            " ",
            "=",
            "-",
            "/",
            "*",
            ",",
            "0",
            "1",
            "4",
            "9",
            "10",
            "99",
            "1048575",
            "1048576",
            "-1",
            "+1",
            "9223372036854775807",
            "999999999999999999",
            "99999999999999999999",
            "\t",
            "x",
            "\u0660",
            "");

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void everyPartIsJudged(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < CASES; i++) {
            String range = "bytes=" + junk(random);
            String place = "bytes " + junk(random);
            long bodyBytes = random.nextLong(-1, 11);
            try {
                judge(range, place, bodyBytes);
            } catch (RuntimeException | AssertionError broken) {
                throw new AssertionError("seed " + seed + ": [" + range + "] [" + place + "] " + bodyBytes, broken);
            }
        }
    }

    private static String junk(SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            return random.nextInt(12) + "-" + random.nextInt(12) + "/" + random.nextInt(14);
        }
        var text = new StringBuilder();
        for (int pieces = random.nextInt(6); pieces >= 0; pieces--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static void judge(String range, String place, long bodyBytes) {
        RequestHead request = new RequestHead("GET", "http", "h", "/", null, HttpFields.of("Range", range));
        HttpFields fields = HttpFields.of("Content-Range", place, "Cache-Control", "max-age=9", "ETag", "\"a\"");
        Portion portion = PartSelection.of(request, List.of(), Way.SLICES).missing();
        assertThat(portion.fields().first("Range"))
                .satisfiesAnyOf(
                        sent -> assertThat(sent).isNull(),
                        sent -> assertThat(sent).matches("bytes=\\d*-\\d*").doesNotMatch("bytes=-"));
        if (Arrival.of(new ResponseHead(206, fields), bodyBytes, NOW) instanceof Arrival.Part part) {
            store(request, part);
        }
    }

    private static void store(RequestHead request, Arrival.Part part) {
        ContentRange held = part.range();
        assertThat(held.first()).isBetween(0L, held.last());
        assertThat(held.last()).isLessThan(held.complete());
        if (StoreDecision.decide(request, part.whole(), NOW, NOW, CacheOptions.DEFAULT)
                instanceof StoreDecision.Store store) {
            StoredResponse stored = PartDraft.part(store.draft(), held);
            assertThat(stored.range()).isEqualTo(held);
            assertThat(PartDraft.outline(store.draft()).range()).isEqualTo(ContentRange.nothingOf(held.complete()));
            boolean answers = PartSelection.of(request, List.of(stored), Way.SLICES)
                    .candidates()
                    .contains(stored);
            RangeSpec wanted = RangeSpec.of(request.fields());
            if (answers && wanted != null && wanted.firstIn(held.complete()) < held.complete()) {
                assertThat(wanted.firstIn(held.complete())).isGreaterThanOrEqualTo(held.first());
                assertThat(wanted.lastIn(held.complete())).isLessThanOrEqualTo(held.last());
            }
        }
    }
}
