package dev.verge.sandbox.process;

import java.time.Duration;

/**
 * Tells whether the node itself has just stood still. Then what its hosts have said meanwhile is not read yet, and none of them is to
 * blame for silence or for a deadline that passed: they get as much time again. Used by one timer.
 */
final class Punctuality {
    private static final long LATE_NANOS = Duration.ofMillis(500).toNanos();
    private static final long MOST_NANOS = Duration.ofSeconds(5).toNanos();

    private long last = System.nanoTime();
    private long lenientUntil = last;

    /** To be asked many times a second. */
    boolean isPunctual(long now) {
        long since = now - last;
        last = now;
        if (since > LATE_NANOS) {
            lenientUntil = now + Math.min(since, MOST_NANOS);
        }
        return now - lenientUntil >= 0;
    }
}
