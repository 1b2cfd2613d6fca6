package dev.verge.node.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9218 §4. */
class PriorityTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "u=0            | 0 | false",
                "u=7, i         | 7 | true",
                "i              | 3 | true",
                "i=?1, u=5      | 5 | true",
                "i=?0           | 3 | false",
                "u=1;x=2, i;y   | 1 | true",
                "u=1, u=6       | 6 | false",
                "u=2, z=(1 2)   | 2 | false",
            })
    void isReadAsADictionary(String field, int urgency, boolean incremental) {
        assertThat(Priority.DEFAULT.changedBy(field)).isEqualTo(new Priority(urgency, incremental));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "u",
                "u=8",
                "u=-1",
                "u=1.5",
                "u=\"1\"",
                "u=one",
                "i=1",
                "i=yes",
                "u=",
                "u=1,",
                "U=1",
                "=1",
                "u=99999999999999999",
                "\u0000"
            })
    void whatItCannotMeanIsIgnored(String field) {
        assertThat(Priority.DEFAULT.changedBy(field)).isEqualTo(Priority.DEFAULT);
    }

    @Test
    void theLinesOfAMessageAreOneDictionary() {
        assertThat(Priority.DEFAULT.changedBy(HttpFields.of("Priority", "u=5", "priority", "i")))
                .isEqualTo(new Priority(5, true));
        assertThat(Priority.DEFAULT.changedBy(HttpFields.EMPTY)).isEqualTo(Priority.DEFAULT);
    }

    /** RFC 9218 §8: the answer's own field changes what it names, and leaves the rest as the client wanted it. */
    @Test
    void anAnswersFieldChangesOnlyWhatItNames() {
        Priority asked = new Priority(1, true);
        assertThat(asked.changedBy("u=6")).isEqualTo(new Priority(6, true));
        assertThat(asked.changedBy("i=?0")).isEqualTo(new Priority(1, false));
    }
}
