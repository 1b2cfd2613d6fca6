package dev.verge.balancer;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when told. */
final class ManualTime {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong(1);

    MonotonicTime time() {
        return new MonotonicTime(START, nanos::get);
    }

    void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }
}
