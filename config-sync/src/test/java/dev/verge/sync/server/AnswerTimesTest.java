package dev.verge.sync.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A node's answers are remembered with their times, within a bound. */
class AnswerTimesTest {
    @Test
    void anAnswerStandsForAllRevisionsSinceTheOneBefore() {
        AnswerTimes times = new AnswerTimes();
        assertThat(times.at(1)).isNull();
        times.add(3, Instant.ofEpochMilli(30));
        times.add(7, Instant.ofEpochMilli(70));
        assertThat(times.at(1)).isEqualTo(Instant.ofEpochMilli(30));
        assertThat(times.at(3)).isEqualTo(Instant.ofEpochMilli(30));
        assertThat(times.at(4)).isEqualTo(Instant.ofEpochMilli(70));
        assertThat(times.at(8)).isNull();
        times.clear();
        assertThat(times.at(3)).isNull();
    }

    @Test
    void theOldestGoFirst() {
        AnswerTimes times = new AnswerTimes();
        for (int i = 1; i <= 10 * AnswerTimes.MOST; i++) {
            times.add(i, Instant.ofEpochMilli(i));
        }
        int newest = 10 * AnswerTimes.MOST;
        int kept = newest - AnswerTimes.MOST / 2;
        assertThat(times.at(newest)).isEqualTo(Instant.ofEpochMilli(newest));
        assertThat(times.at(kept)).isEqualTo(Instant.ofEpochMilli(kept));
        assertThat(times.at(1)).as("the oldest that is left").isAfter(Instant.ofEpochMilli(newest - AnswerTimes.MOST));
    }
}
