package dev.verge.sync.usage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A sum that grows. Not thread-safe. */
public final class UsageSum {
    private final Map<UsageField, Long> fields = new EnumMap<>(UsageField.class);
    private final long[] latencies = new long[Latencies.BUCKETS];

    /** Adds to a field; a sum that would not fit stays at the largest number. */
    public UsageSum add(UsageField field, long amount) {
        if (amount != 0) {
            fields.merge(field, amount, UsageSum::plus);
        }
        return this;
    }

    /** Counts a duration. */
    public UsageSum took(long micros) {
        latencies[Latencies.bucket(micros)]++;
        return this;
    }

    /** Adds to a bucket of {@link Latencies}. */
    public UsageSum took(int bucket, long count) {
        latencies[bucket] = plus(latencies[bucket], count);
        return this;
    }

    /** Adds what another one has. */
    public UsageSum add(UsageSum other) {
        other.fields.forEach(this::add);
        for (int i = 0; i < latencies.length; i++) {
            latencies[i] = plus(latencies[i], other.latencies[i]);
        }
        return this;
    }

    /** Adds a row; words that are not known and numbers below zero count nothing. */
    public UsageSum add(UsageRow row) {
        row.counts().forEach((word, amount) -> {
            UsageField field = UsageField.of(word);
            if (field != null && amount > 0) {
                add(field, amount);
            }
        });
        for (int i = 0; i < Math.min(row.latencies().size(), Latencies.BUCKETS); i++) {
            took(i, Math.max(0, row.latencies().get(i)));
        }
        return this;
    }

    /** A field. */
    public long get(UsageField field) {
        return fields.getOrDefault(field, 0L);
    }

    /** Several fields together. */
    public long get(List<UsageField> several) {
        return several.stream().mapToLong(this::get).reduce(0, UsageSum::plus);
    }

    /** Counts by bucket of {@link Latencies}. */
    public List<Long> latencies() {
        return Arrays.stream(latencies).boxed().toList();
    }

    /** As a row: fields that are 0 and the last empty buckets left out. */
    public UsageRow row(UsageKey key) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (UsageField field : UsageField.values()) {
            if (get(field) > 0) {
                counts.put(field.word(), get(field));
            }
        }
        List<Long> buckets = new ArrayList<>(latencies());
        while (!buckets.isEmpty() && buckets.getLast() == 0) {
            buckets.removeLast();
        }
        return new UsageRow(key.kind(), key.account(), key.name(), key.version(), counts, buckets);
    }

    private static long plus(long one, long other) {
        long sum = one + other;
        return ((one ^ sum) & (other ^ sum)) < 0 ? Long.MAX_VALUE : sum;
    }
}
