package dev.verge.sandbox.host;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * CPU time that the calls of a function in this host may use beyond {@code limits.cpu}, all of them together: until its code is compiled
 * it runs a good deal slower, which is not its author's doing. For any thread.
 */
final class WarmUp {
    /** In starts: as many times {@code limits.startup}. */
    private static final int STARTS = 5;

    /** Without any. */
    static final WarmUp NONE = new WarmUp(Duration.ZERO);

    private final AtomicLong leftNanos;

    WarmUp(Duration startup) {
        leftNanos = new AtomicLong(STARTS * startup.toNanos());
    }

    long leftNanos() {
        return leftNanos.get();
    }

    /** That much was used; calls that run beside each other may use more than was left. */
    void use(long nanos) {
        leftNanos.accumulateAndGet(nanos, (left, used) -> Math.max(0, left - used));
    }
}
