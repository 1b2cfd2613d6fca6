package dev.verge.cache.partial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.http.ContentRange;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.ResponseHead;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrivalTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static Arrival arrival(int status, long bodyBytes, String... fields) {
        return Arrival.of(new ResponseHead(status, HttpFields.of(fields)), bodyBytes, NOW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes 0-4/10 | 5 | Part",
                "bytes 0-4/10 | -1 | Part",
                "Bytes 0-4/10 | 5 | Part",
                "bytes 5-9/10 | 5 | Part",
                "bytes 0-9/10 | 10 | Everything",
                "bytes 0-4/* | 5 | Unmeasured",
                "bytes 4-9/10 | 5 | Curtailed",
                "bytes 0-9/10 | 5 | Nonsense",
                "bytes 4-8/10 | 4 | Nonsense",
                "bytes 4-9/10 | 7 | Nonsense",
                "bytes 4-9/10 | 0 | Nonsense",
                "bytes 4-3/10 | 0 | Nonsense",
                "bytes 4-10/10 | 7 | Nonsense",
                "bytes */10 | 0 | Nonsense",
                "bytes 0-4/ | 5 | Nonsense",
                "bytes 0-4 | 5 | Nonsense",
                "bytes -4/10 | 5 | Nonsense",
                "bytes 0-/10 | 10 | Nonsense",
                "bytes 0-4/10, bytes 5-9/10 | 5 | Nonsense",
                "bytes 0 - 4/10 | 5 | Nonsense",
                "items 0-4/10 | 5 | Nonsense",
                "bytes 0-4/9999999999999999999 | 5 | Nonsense",
                "'' | 5 | Nonsense",
            })
    void aPartIsWhatItsContentRangeAndLengthAgreeOn(String range, long bodyBytes, String kind) {
        Arrival arrival = arrival(206, bodyBytes, "Content-Range", range);

        assertThat(arrival.getClass().getSimpleName()).isEqualTo(kind);
    }

    @Test
    void aPartWithoutOrWithTwoRangesIsNonsense() {
        assertThat(arrival(206, 5)).isInstanceOf(Arrival.Nonsense.class);
        assertThat(arrival(206, 5, "Content-Range", "bytes 0-4/10", "Content-Range", "bytes 0-4/10"))
                .isInstanceOf(Arrival.Nonsense.class);
    }

    @Test
    void onlyA206IsAPart() {
        assertThat(arrival(200, 5, "Content-Range", "bytes 0-4/10")).isInstanceOf(Arrival.Other.class);
        assertThat(arrival(503, 5)).isInstanceOf(Arrival.Other.class);
        assertThat(arrival(416, 0, "Content-Range", "bytes */10")).isInstanceOf(Arrival.Unsatisfiable.class);
    }

    @Test
    void theWholeHeadHasTheWholeLength() {
        Arrival arrival = arrival(206, 5, "ETag", "\"a\"", "Content-Range", "bytes 0-4/10", "Content-Length", "5");

        assertThat(arrival)
                .isEqualTo(new Arrival.Part(
                        new ContentRange(0, 4, 10),
                        new ResponseHead(200, HttpFields.of("ETag", "\"a\"", "Content-Length", "10"))));
    }

    @Test
    void aMessageThatBringsLessThanItClaimsEndsWhereItsBytesEnd() {
        assertThat(arrival(206, 5, "Content-Range", "bytes 4-9/10", "Content-Length", "5"))
                .isEqualTo(new Arrival.Curtailed(
                        new ContentRange(4, 8, 9), new ResponseHead(200, HttpFields.of("Content-Length", "9"))));
    }

    @Test
    void whoHasAStrongValidatorMayNotBringLessThanClaimed() {
        assertThat(arrival(206, 5, "Content-Range", "bytes 4-9/10", "ETag", "\"a\""))
                .isInstanceOf(Arrival.Nonsense.class);
    }
}
