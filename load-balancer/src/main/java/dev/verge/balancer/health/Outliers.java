package dev.verge.balancer.health;

import dev.verge.balancer.options.Outlier;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Which origins stood out in one interval by success or latency. Pure. */
public final class Outliers {
    private Outliers() {}

    /**
     * What one origin did in an interval.
     *
     * @param tries tries that ended
     * @param good of them answered with less than 500
     * @param heads answers whose time to the first byte is in {@code nanos}
     * @param nanos sum of these times
     */
    public record Sample(long tries, long good, long heads, long nanos) {
        double average() {
            return heads == 0 ? 0 : (double) nanos / heads;
        }
    }

    /** Whether there is anything to look for. */
    public static boolean wanted(Outlier options) {
        return options.minSuccessPercent() > 0 || options.maxLatencyFactor() > 0;
    }

    /** Indexes of those to eject, as far as the pool can spare them. */
    public static BitSet find(List<Sample> samples, Outlier options) {
        BitSet found = new BitSet();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            if (sample.tries() >= options.minRequests() && (fails(sample, options) || lags(i, samples, options))) {
                found.set(i);
            }
        }
        return found;
    }

    private static boolean fails(Sample sample, Outlier options) {
        return sample.good() * 100 < options.minSuccessPercent() * sample.tries();
    }

    /** Slower than so many times the median of the others that had enough to do. */
    private static boolean lags(int index, List<Sample> samples, Outlier options) {
        if (options.maxLatencyFactor() == 0 || samples.get(index).heads() == 0) {
            return false;
        }
        double[] others = IntStream.range(0, samples.size())
                .filter(i -> i != index)
                .mapToObj(samples::get)
                .filter(s -> s.tries() >= options.minRequests() && s.heads() > 0)
                .mapToDouble(Sample::average)
                .sorted()
                .toArray();
        return others.length > 0
                && samples.get(index).average() > options.maxLatencyFactor() * others[(others.length - 1) / 2];
    }
}
