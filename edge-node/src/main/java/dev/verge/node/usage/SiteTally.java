package dev.verge.node.usage;

import dev.verge.sync.usage.Latencies;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageSum;

/** Requests to one site as one thread counts them: plain numbers, since this stands in the path of every cached answer. */
final class SiteTally {
    private final long[] statuses = new long[UsageField.STATUSES.size()];
    private final long[] latencies = new long[Latencies.BUCKETS];
    private long hits;
    private long misses;
    private long bytesIn;
    private long bytesOut;

    void add(int status, String cache, long in, long out, long micros) {
        statuses[Math.clamp(status / 100, 0, statuses.length - 1)]++;
        latencies[Latencies.bucket(micros)]++;
        switch (cache) {
            case "hit", "stale", "revalidated" -> hits++;
            case "miss" -> misses++;
            default -> {}
        }
        bytesIn += Math.max(0, in);
        bytesOut += out;
    }

    void addTo(UsageSum sum) {
        for (int i = 0; i < statuses.length; i++) {
            sum.add(UsageField.STATUSES.get(i), statuses[i]);
        }
        for (int i = 0; i < latencies.length; i++) {
            sum.took(i, latencies[i]);
        }
        sum.add(UsageField.HITS, hits)
                .add(UsageField.MISSES, misses)
                .add(UsageField.BYTES_IN, bytesIn)
                .add(UsageField.BYTES_OUT, bytesOut);
    }
}
