package dev.verge.balancer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counters of one name that differ in one tag, each registered when it first counts: of the ways in which something may end, an origin sees
 * few, and a node may have thousands of origins. Counts nothing once its set has left the registry. Thread-safe.
 */
final class LateCounters {
    private final MeterSet meters;
    private final String name;
    private final String description;
    private final Tags tags;
    private final String key;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>(4);

    /** @param key the tag in which they differ */
    LateCounters(MeterSet meters, String name, String description, Tags tags, String key) {
        this.meters = meters;
        this.name = name;
        this.description = description;
        this.tags = tags;
        this.key = key;
    }

    /** How a constant is written as a tag's value. */
    static String label(Enum<?> what) {
        return what.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @param value of the tag; one of a few */
    void count(String value) {
        Counter known = counters.get(value);
        Counter counter = known != null ? known : register(value);
        if (counter != null) {
            counter.increment();
        }
    }

    private @Nullable Counter register(String value) {
        Counter counter = meters.register(registry -> Counter.builder(name)
                .description(description)
                .tags(tags)
                .tag(key, value)
                .register(registry));
        if (counter != null) {
            counters.put(value, counter);
        }
        return counter;
    }
}
