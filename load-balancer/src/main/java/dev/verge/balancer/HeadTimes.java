package dev.verge.balancer;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How long a pool's answers took of late, up to their heads: counts in buckets that grow by a fifth, over the last 10 to 20 s. Lock-free;
 * what is added while a window ends may be lost.
 */
final class HeadTimes {
    private static final long WINDOW_NANOS = 10_000_000_000L;

    /** From 100 µs to some 13 minutes. */
    private static final double SMALLEST_NANOS = 100_000;

    private static final double GROWTH = 1.2;
    private static final int BUCKETS = 88;

    /** With fewer answers a percentile says little. */
    private static final long ENOUGH = 50;

    private record Windows(long begun, AtomicLongArray now, AtomicLongArray before) {
        static Windows empty(long begun) {
            return new Windows(begun, new AtomicLongArray(BUCKETS), new AtomicLongArray(BUCKETS));
        }
    }

    private final AtomicReference<Windows> windows = new AtomicReference<>(Windows.empty(0));

    void add(long tookNanos, long nowNanos) {
        at(nowNanos).now.incrementAndGet(bucket(tookNanos));
    }

    /** Time within which so many percent came, in nanoseconds, at most a fifth too long; empty with too few of them. */
    OptionalLong percentile(int percent, long nowNanos) {
        Windows current = at(nowNanos);
        long all = 0;
        for (int i = 0; i < BUCKETS; i++) {
            all += count(current, i);
        }
        if (all < ENOUGH) {
            return OptionalLong.empty();
        }
        long wanted = Math.ceilDiv(all * percent, 100);
        int bucket = 0;
        for (long seen = count(current, 0); seen < wanted && bucket < BUCKETS - 1; seen += count(current, bucket)) {
            bucket++;
        }
        return OptionalLong.of((long) (SMALLEST_NANOS * Math.pow(GROWTH, bucket)));
    }

    private static long count(Windows windows, int bucket) {
        return windows.now.get(bucket) + windows.before.get(bucket);
    }

    private static int bucket(long nanos) {
        if (nanos <= SMALLEST_NANOS) {
            return 0;
        }
        return Math.min(BUCKETS - 1, (int) Math.ceil(Math.log(nanos / SMALLEST_NANOS) / Math.log(GROWTH)));
    }

    private Windows at(long nowNanos) {
        Windows current = windows.get();
        long age = nowNanos - current.begun;
        if (Math.abs(age) < WINDOW_NANOS) {
            return current;
        }
        Windows next = age > 0 && age < 2 * WINDOW_NANOS
                ? new Windows(nowNanos, new AtomicLongArray(BUCKETS), current.now)
                : Windows.empty(nowNanos);
        return windows.compareAndSet(current, next) ? next : windows.get();
    }
}
