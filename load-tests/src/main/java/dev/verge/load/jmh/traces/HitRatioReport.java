package dev.verge.load.jmh.traces;

import dev.verge.cache.store.CacheOpenException;
import dev.verge.cache.store.DiskPolicy;
import dev.verge.load.jmh.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Hit ratios of the real policies beside LRU and the clairvoyant one, at sizes from a hundredth to half of a trace's objects. */
public final class HitRatioReport {
    private static final double[] SHARES = {0.01, 0.05, 0.10, 0.25, 0.50};
    /** Differences below a twentieth of a percent are not printed either. */
    private static final double SEEN = 0.0005;

    private HitRatioReport() {}

    private record Ratio(double hits, double bytes) {
        boolean isBehind(Ratio other) {
            return hits < other.hits - SEEN;
        }

        String text(boolean withBytes) {
            return withBytes
                    ? String.format(Locale.ROOT, "%.1f / %.1f", 100 * hits, 100 * bytes)
                    : String.format(Locale.ROOT, "%.1f", 100 * hits);
        }
    }

    public static void print(Report report, List<Path> files) throws IOException, CacheOpenException {
        for (Path file : files) {
            Trace trace = Trace.read(file);
            int[] next = trace.nextAccess();
            for (Sizes sizes : Sizes.values()) {
                boolean withBytes = sizes == Sizes.HASHED;
                report.text("`%s`: %d accesses to %d objects, %s"
                        .formatted(
                                trace.name(),
                                trace.accesses().length,
                                trace.objects(),
                                withBytes
                                        ? "bodies of 1 to 64 KiB by a hash of the key: hit ratio % / byte hit ratio %"
                                        : "all of one size: hit ratio %"));
                report.header(
                        "cache holds",
                        "LRU",
                        "memory tier",
                        "disk tier",
                        withBytes ? "clairvoyant" : "optimum",
                        "worse than LRU");
                long[] weights = MemoryPolicy.weights(sizes, trace.objects());
                for (double share : SHARES) {
                    row(report, trace, next, sizes, weights, share);
                }
            }
        }
    }

    private static void row(Report report, Trace trace, int[] next, Sizes sizes, long[] weights, double share)
            throws CacheOpenException {
        long bound = share(share, weights);
        boolean withBytes = sizes == Sizes.HASHED;
        Ratio lru = replay(trace, weights, new Lru(bound, weights));
        Ratio disk = replay(trace, weights, new DiskPolicy(share(share, DiskPolicy.counted(weights)), weights));
        Ratio optimum = replay(trace, weights, new Clairvoyant(bound, weights, next));
        Ratio memory;
        try (var policy = new MemoryPolicy(bound, sizes, trace.objects())) {
            memory = replay(trace, weights, policy);
        }
        String worse = (memory.isBehind(lru) ? "memory " : "") + (disk.isBehind(lru) ? "disk" : "");
        report.row(
                String.format(Locale.ROOT, "%.0f %%", 100 * share),
                lru.text(withBytes),
                memory.text(withBytes),
                disk.text(withBytes),
                optimum.text(withBytes),
                worse.isEmpty() ? "–" : worse.strip());
    }

    /** Each tier gets this share of what all objects weigh there: the policies are compared, not how tightly tiers pack. */
    private static long share(double share, long[] weights) {
        return (long) (share * Arrays.stream(weights).sum());
    }

    private static Ratio replay(Trace trace, long[] weights, Policy policy) {
        long hits = 0;
        long hitBytes = 0;
        long bytes = 0;
        for (int object : trace.accesses()) {
            bytes += weights[object];
            if (policy.access(object)) {
                hits++;
                hitBytes += weights[object];
            }
        }
        return new Ratio((double) hits / trace.accesses().length, (double) hitBytes / bytes);
    }
}
