package dev.verge.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Texts of many heads are there once; what only one has costs the others nothing. */
class SharedTextTest {
    private static final int OVERHEAD = 44;

    private static String copy(String text) {
        return new String(text.toCharArray());
    }

    private static HttpFields head(String own) {
        return HttpFields.of(copy("Content-Type"), copy("text/shared; charset=utf-8"), copy("ETag"), copy(own))
                .shared();
    }

    @Test
    void headsThatComeLaterHaveTheTextsOfThoseBefore() {
        head("\"a\"");
        HttpFields second = head("\"b\"");
        HttpFields third = head("\"c\"");
        assertThat(third).isEqualTo(head("\"c\"")).isNotEqualTo(second);
        assertThat(third.name(0)).isSameAs(second.name(0));
        assertThat(third.value(0)).isSameAs(second.value(0)).isEqualTo("text/shared; charset=utf-8");
        assertThat(third.name(1)).isSameAs(second.name(1));
        assertThat(HttpFields.EMPTY.shared()).isSameAs(HttpFields.EMPTY);
    }

    @Test
    void onlyWhatNoOtherHasIsCounted() {
        head("\"first\"");
        head("\"second\"");
        assertThat(head("\"own\"").ownBytes(OVERHEAD)).isEqualTo(OVERHEAD + 5);
        HttpFields unheardOf = HttpFields.of(copy("X-Unheard-Of"), copy("before"));
        assertThat(unheardOf.shared().ownBytes(OVERHEAD)).isEqualTo(2 * OVERHEAD + 18);
    }

    @Test
    void textsThatComeOnceDoNotDriveOutThoseOfMany() {
        head("\"x\"");
        String kept = head("\"y\"").value(0);
        IntStream.range(0, 200_000)
                .forEach(i -> HttpFields.of("Date", "only here " + i).shared());
        assertThat(head("\"z\"").value(0)).isSameAs(kept);
    }

    @Test
    void longTextsAreEachOnesOwn() {
        String text = "x".repeat(SharedText.LONGEST + 1);
        HttpFields first = HttpFields.of("A", copy(text)).shared();
        HttpFields.of("A", copy(text)).shared();
        assertThat(HttpFields.of("A", copy(text)).shared().value(0)).isNotSameAs(first.value(0));
        assertThat(first.ownBytes(OVERHEAD)).isGreaterThanOrEqualTo(OVERHEAD + text.length());
    }
}
