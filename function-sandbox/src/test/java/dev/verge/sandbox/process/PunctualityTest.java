package dev.verge.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PunctualityTest {
    private static final long TICK = Duration.ofMillis(50).toNanos();

    @Test
    void blamesNobodyWhileANodeThatStoodStillCatchesUp() {
        Punctuality punctuality = new Punctuality();
        long now = System.nanoTime();
        assertThat(punctuality.isPunctual(now += TICK)).isTrue();
        assertThat(punctuality.isPunctual(now += Duration.ofSeconds(3).toNanos()))
                .isFalse();
        for (int tick = 0; tick < 59; tick++) {
            assertThat(punctuality.isPunctual(now += TICK)).isFalse();
        }
        assertThat(punctuality.isPunctual(now + TICK)).isTrue();
    }
}
