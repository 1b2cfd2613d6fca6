package dev.verge.node.quota;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of tokens as one number, the time at which it will be full again (the generic cell rate algorithm). Thread-safe, without
 * locks.
 */
final class Bucket {
    private final double nanosPerToken;
    private final long capacityNanos;
    private final AtomicLong fullAt;

    /**
     * A full bucket.
     *
     * @param tokens that it holds, and that come back in {@code period}
     */
    Bucket(long tokens, Duration period, long nowNanos) {
        this.nanosPerToken = (double) period.toNanos() / tokens;
        this.capacityNanos = period.toNanos();
        this.fullAt = new AtomicLong(nowNanos);
    }

    /**
     * Takes a token; null when there was one, else how long until there is.
     *
     * @param share of the bucket that there is here, above 0 and at most 1: a token then weighs as much more
     */
    @Nullable
    Duration take(long nowNanos, double share) {
        long token = Math.max(1, (long) (nanosPerToken / share));
        // However small the share is, one token fits.
        long capacity = Math.max(capacityNanos, token);
        while (true) {
            long before = fullAt.get();
            long start = before - nowNanos < 0 ? nowNanos : before;
            long wait = start + token - nowNanos - capacity;
            if (wait > 0) {
                return Duration.ofNanos(wait);
            }
            if (fullAt.compareAndSet(before, start + token)) {
                return null;
            }
        }
    }

    /** Null when at least one token is left, else how long until there is. */
    @Nullable
    Duration empty(long nowNanos) {
        long wait = fullAt.get() - nowNanos - capacityNanos;
        return wait < 0 ? null : Duration.ofNanos(wait + 1);
    }

    /** Takes tokens whether there are so many or not: what is missing has to come back first. */
    void charge(long tokens, long nowNanos, double share) {
        long price = (long) (tokens * nanosPerToken / share);
        fullAt.updateAndGet(before -> (before - nowNanos < 0 ? nowNanos : before) + price);
    }
}
