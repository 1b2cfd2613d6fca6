package dev.verge.sync.usage;

import java.util.List;

/**
 * How long requests or runs took, counted in {@value #BUCKETS} buckets: the first holds what took at most {@link #FIRST_MICROS}, each
 * next one twice as much, the last all that took longer. Counts add up over nodes and time, which percentiles do not.
 */
public final class Latencies {
    /** Number of buckets; the bound of the last but one is 105 s. */
    public static final int BUCKETS = 22;

    /** Upper bound of the first bucket in microseconds. */
    public static final long FIRST_MICROS = 100;

    private Latencies() {}

    /** The bucket of a duration in microseconds. */
    public static int bucket(long micros) {
        if (micros <= FIRST_MICROS) {
            return 0;
        }
        int doublings = Long.SIZE - Long.numberOfLeadingZeros((micros - 1) / FIRST_MICROS);
        return Math.min(doublings, BUCKETS - 1);
    }

    /** Upper bound of a bucket in microseconds; of the last one, what it would be. */
    static long bound(int bucket) {
        return FIRST_MICROS << bucket;
    }

    /**
     * The time within which a part of all was done, in milliseconds; 0 when nothing was counted. Between the bounds of a bucket it is
     * taken to grow evenly, so it is at most a bucket off.
     *
     * @param counts by bucket; those that are missing are 0
     * @param part 0 to 1: 0.99 is the 99th percentile
     */
    public static double percentileMillis(List<Long> counts, double part) {
        long all = counts.stream().mapToLong(Long::longValue).sum();
        if (all == 0) {
            return 0;
        }
        double wanted = part * all;
        long before = 0;
        for (int i = 0; i < counts.size(); i++) {
            long here = counts.get(i);
            if (here > 0 && before + here >= wanted) {
                double low = i == 0 ? 0 : bound(i - 1);
                double within = Math.clamp((wanted - before) / here, 0.0, 1.0);
                return Math.round(low + within * (bound(i) - low)) / 1_000.0;
            }
            before += here;
        }
        return bound(BUCKETS - 1) / 1_000.0;
    }
}
