package dev.verge.sandbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the watchdog believes that a turn allocated too much. */
class TurnTest {
    private final Turn turn = new Turn(null, 0, 0);

    @Test
    void oneReadingIsNotBelieved() {
        assertThat(turn.confirms(true, 1_000)).isFalse();
        assertThat(turn.confirms(false, 2_000)).isFalse();
        assertThat(turn.confirms(true, 3_000))
                .as("the one before it was taken back")
                .isFalse();
    }

    @Test
    void aThreadThatWasPutAsideInTheMiddleOfItIsWaitedFor() {
        assertThat(turn.confirms(true, 1_000)).isFalse();
        assertThat(turn.confirms(true, 1_000)).isFalse();
        assertThat(turn.confirms(true, 1_001)).isTrue();
    }
}
