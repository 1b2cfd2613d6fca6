package dev.verge.balancer;

import java.util.concurrent.atomic.AtomicReference;

/**
 * A moving average of latencies that takes a peak over at once and forgets it over 10 s (peak-sensitive EWMA). Lock-free; under a race an
 * observation may be lost, which an average forgives.
 */
final class LatencyAverage {
    private static final double DECAY_NANOS = 10e9;

    private record Point(double nanos, long at) {}

    private final AtomicReference<Point> point = new AtomicReference<>(new Point(0, 0));

    void observe(long latencyNanos, long now) {
        Point old = point.get();
        double value = latencyNanos;
        if (old.nanos > 0 && latencyNanos < old.nanos) {
            double keep = Math.exp(-Math.max(0, now - old.at) / DECAY_NANOS);
            value = old.nanos * keep + latencyNanos * (1 - keep);
        }
        point.compareAndSet(old, new Point(value, now));
    }

    /** The average now; 0 when nothing was observed. It fades while nothing is observed, so a slow origin gets another chance. */
    double nanos(long now) {
        Point last = point.get();
        return last.nanos * Math.exp(-Math.max(0, now - last.at) / DECAY_NANOS);
    }
}
