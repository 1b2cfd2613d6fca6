package dev.verge.load.jmh;

import java.util.Arrays;

/** Durations of single operations, in nanoseconds. */
public final class Samples {
    private final long[] nanos;
    private int count;

    public Samples(int most) {
        this.nanos = new long[most];
    }

    public void add(long nanoseconds) {
        nanos[count++] = nanoseconds;
    }

    public void addAll(Samples more) {
        System.arraycopy(more.nanos, 0, nanos, count, more.count);
        count += more.count;
    }

    public int count() {
        return count;
    }

    /**
     * The duration that so many percent do not exceed, in microseconds.
     *
     * @param percent 0 to 100
     */
    public double micros(double percent) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * count);
        return sorted[Math.max(0, rank - 1)] / 1e3;
    }

    public double totalSeconds() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += nanos[i];
        }
        return sum / 1e9;
    }
}
