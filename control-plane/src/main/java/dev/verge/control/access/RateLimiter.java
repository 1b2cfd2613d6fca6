package dev.verge.control.access;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket for each caller, of a bounded number of callers: the one that called longest ago is forgotten first, which at worst
 * gives it a full bucket again.
 */
public final class RateLimiter {
    private static final int CALLERS = 10_000;
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > CALLERS;
        }
    };

    /** A limit of {@code perSecond} calls for long and {@code burst} at once. */
    public RateLimiter(int perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
    }

    /** Takes one call of a caller; as {@link #take(String, long, int)} says. */
    public long take(String caller, long nanos) {
        return take(caller, nanos, 1);
    }

    /**
     * Takes as much of a caller's allowance.
     *
     * @param nanos now, as {@link System#nanoTime()}
     * @param many what it costs, not more than the burst
     * @return 0 when it may go on, else the whole seconds after which it may
     */
    public synchronized long take(String caller, long nanos, int many) {
        Bucket bucket = buckets.computeIfAbsent(caller, key -> new Bucket(burst, nanos));
        bucket.refill(nanos, perSecond, burst);
        if (bucket.left >= many) {
            bucket.left -= many;
            return 0;
        }
        return Math.max(1, (long) Math.ceil((many - bucket.left) / perSecond));
    }

    private static final class Bucket {
        private double left;
        private long at;

        Bucket(double left, long at) {
            this.left = left;
            this.at = at;
        }

        void refill(long nanos, double perSecond, double burst) {
            left = Math.min(burst, left + Math.max(0, nanos - at) / NANOS * perSecond);
            at = nanos;
        }
    }
}
