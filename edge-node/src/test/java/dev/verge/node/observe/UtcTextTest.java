package dev.verge.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UtcTextTest {
    private static String text(Instant at) {
        StringBuilder out = new StringBuilder("at ");
        UtcText.append(out, at);
        return out.substring(3);
    }

    @Test
    void hasSixDigitsAlways() {
        assertThat(text(Instant.parse("2026-01-31T23:59:00Z"))).isEqualTo("2026-01-31T23:59:00.000000Z");
        assertThat(text(Instant.parse("2026-01-31T23:59:59.000001999Z"))).isEqualTo("2026-01-31T23:59:59.000001Z");
        assertThat(text(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00.000000Z");
    }

    @Test
    void readsBackAsTheSameMicrosecond() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            Instant at = Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
            assertThat(Instant.parse(text(at))).isEqualTo(at.truncatedTo(ChronoUnit.MICROS));
        }
    }
}
