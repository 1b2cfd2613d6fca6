package dev.verge.cache.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.http.HttpFields;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchVarianceTest {
    private static SearchVariance of(String value) {
        return SearchVariance.of(HttpFields.of("No-Vary-Search", value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "params | a=1 | b=2 | true",
                "params | '' | b=2 | true",
                "params=?1 | a=1 | '' | true",
                "params=(\"a\") | a=1&b=2 | b=2&a=9 | true",
                "params=(\"a\") | a=1&b=2 | b=3 | false",
                "params=(\"a\") | b=2&c=3 | c=3&b=2 | false",
                "params=(\"a\" \"b\") | a=1&b=2&c=3 | c=3 | true",
                "params=(\"a\";x=1);y=2 | a=1 | a=2 | true",
                "params=(\"A\") | a=1 | a=2 | false",
                "params, except=(\"id\") | id=1&x=2 | y=3&id=1 | true",
                "params, except=(\"id\") | id=1 | id=2 | false",
                "params, except=() | id=1 | id=2 | true",
                "key-order | a=1&b=2 | b=2&a=1 | true",
                "key-order | a=1&a=2 | a=2&a=1 | false",
                "key-order | a=1&b=2&a=3 | b=2&a=1&a=3 | true",
                "key-order, params, except=(\"x\" \"y\") | y=1&z=0&x=2 | x=2&y=1 | true",
                "key-order, future-thing=1 | a=1&b=2 | b=2&a=1 | true",
                // §6.1 of the draft
                "key-order | '' | & | true",
                "key-order | a=x | %61=%78 | true",
                "key-order | a=x&&&& | a=x | true",
                "key-order | a= | a | true",
                "key-order | a=%20 | a=+ | true",
                "key-order | a=\u00c3\u00a9 | a=%C3%A9 | true",
                "params=(\"%C3%A9+%E6%B0%97\") | %C3%A9%20%e6%b0%97=3 | '' | true",
                // What the draft makes equal as U+FFFD stays different here.
                "key-order | a=%f6 | a=%f5 | false",
                // Cloaked delimiters
                "params=(\"a\") | b=1;a=2 | b=1 | false",
                "params=(\"a\") | b=1%26a=2 | b=1 | false",
                "params=(\"a\") | b=1&%61=2 | b=1 | true",
                "key-order | a=1:b | a=1&1:b | false",
                "key-order | a=%2 | a=%252 | true",
                "key-order | a=%g1 | a=%25g1 | true"
            })
    void queriesAreEquivalentAsTheDraftSays(String field, String one, String other, boolean equivalent) {
        SearchVariance variance = of(field);
        assertThat(variance.isDefault()).isFalse();
        assertThat(variance.form(one).equals(variance.form(other))).isEqualTo(equivalent);
    }

    @Test
    void noQueryIsAnEmptyOne() {
        assertThat(of("key-order").form(null)).isEqualTo(of("key-order").form(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown-key",
                "key-order=\"not a boolean\"",
                "key-order=1",
                "params=\"not a boolean or inner list\"",
                "params=(not-a-string)",
                "params=(\"a\" 1)",
                "params=(\"a\"), except=(\"x\")",
                "params=(), except=()",
                "params=?0, except=(\"x\")",
                "params, except=(not-a-string)",
                "params, except=\"not an inner list\"",
                "params, except=?1",
                "except=(\"x\")",
                "except=()",
                "params=?0",
                "params=()",
                "key-order=?0",
                "params=(\"a\"",
                "params=(\"a\"),",
                "key-order,, params",
                "Params",
                "params=(\"\u00e9\")",
                "params key-order"
            })
    void whatTheDraftDoesNotKnowChangesNothing(String field) {
        assertThat(of(field).isDefault()).isTrue();
    }

    @Test
    void variancesHaveABound() {
        var many = new StringBuilder("params=(");
        for (int i = 0; i <= SearchVariance.MAX_NAMES; i++) {
            many.append("\"p").append(i).append("\" ");
        }
        assertThat(of(many.append(')').toString()).isDefault()).isTrue();
        assertThat(of("params=(\"" + "a".repeat(SearchVariance.MAX_CHARACTERS) + "\")")
                        .isDefault())
                .isTrue();
        assertThat(of("params=(\"" + "a".repeat(SearchVariance.MAX_CHARACTERS / 2) + "\")")
                        .isDefault())
                .isFalse();
    }

    @Test
    void sameMeaningIsTheSameVariance() {
        assertThat(of("params=(\"b\" \"a\" \"b\"), key-order=?0")).isEqualTo(of("params=(\"a\" \"%62\")"));
        assertThat(of("params=(\"a\")").text())
                .isNotEqualTo(of("params, except=(\"a\")").text());
    }

    /** A form is nothing but a set of pairs in order: two queries have the same one exactly when their pairs are equal. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void formsOfDifferentParametersDiffer(long seed) {
        var random = new SplittableRandom(seed);
        SearchVariance variance = of("params=(\"zz\")");
        for (int i = 0; i < 20_000; i++) {
            String one = query(random);
            String other = query(random);
            assertThat(variance.form(one).equals(variance.form(other)))
                    .as("%s and %s", one, other)
                    .isEqualTo(normalised(one).equals(normalised(other)));
        }
    }

    /** The same equivalence by another way: every byte escaped, empty pieces left out. */
    private static String normalised(String query) {
        var text = new StringBuilder();
        for (String piece : query.split("&", -1)) {
            if (!piece.isEmpty()) {
                text.append('&').append(piece.contains("=") ? piece : piece + "=");
            }
        }
        return text.toString();
    }

    private static String query(SplittableRandom random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append("ab1:&=;".charAt(random.nextInt(7)));
        }
        return text.toString();
    }
}
