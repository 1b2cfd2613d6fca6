package dev.verge.node.server.http1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();

    private void first() {
        turns.read();
        turns.passed();
        turns.answeredBehind();
    }

    @Test
    void nobodyGoesAheadOnAConnectionThatTheServerLibraryHasNotTakenOver() {
        turns.read();

        assertThat(turns.mayGoAhead()).isFalse();
    }

    @Test
    void nobodyGoesAheadOfWhoIsNotAnsweredYet() {
        first();
        turns.read();
        turns.passed();
        assertThat(turns.mayGoAhead()).isFalse();

        turns.answeredBehind();

        assertThat(turns.mayGoAhead()).isTrue();
    }

    @Test
    void nobodyIsAnsweredAfterTheLastAnswer() {
        first();

        turns.last();

        assertThat(turns.mayGoAhead()).isFalse();
    }

    @Test
    void whoWentAheadCountsAsAnswered() {
        first();
        turns.read();
        assertThat(turns.areDue()).isTrue();

        turns.answeredAhead();

        assertThat(turns.areDue()).isFalse();
        assertThat(turns.answered()).isEqualTo(2);
        assertThat(turns.mayGoAhead()).isTrue();
    }
}
