package dev.verge.sync.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Pauses between tries: drawn evenly below a bound that doubles, so that a fleet does not come back in one wave. */
record Backoff(Duration first, Duration last) {

    /** The pause before try {@code attempt}, from 0; at least a millisecond. */
    Duration pause(int attempt, RandomGenerator random) {
        long bound = Math.min(last.toMillis(), first.toMillis() << Math.min(attempt, 20));
        return Duration.ofMillis(1 + random.nextLong(Math.max(1, bound)));
    }
}
