package dev.verge.balancer;

import java.time.Instant;
import java.util.function.LongSupplier;

/** Time that never jumps: instants count from a fixed start by the monotonic clock, whatever happens to the wall clock. */
final class MonotonicTime {
    private final LongSupplier nanos;
    private final long startNanos;
    private final Instant start;

    MonotonicTime(Instant start, LongSupplier nanos) {
        this.start = start;
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
    }

    static MonotonicTime system() {
        return new MonotonicTime(Instant.now(), System::nanoTime);
    }

    long nanos() {
        return nanos.getAsLong();
    }

    Instant now() {
        return start.plusNanos(nanos() - startNanos);
    }
}
