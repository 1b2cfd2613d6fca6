package dev.verge.cache.store;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What the store counts. Hot counters are adders, read when somebody scrapes. */
final class CacheMeters {
    final LongAdder memoryHits = new LongAdder();
    final LongAdder diskHits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder memoryEvictions = new LongAdder();
    final LongAdder diskEvictions = new LongAdder();
    final LongAdder diskErrors = new LongAdder();
    final LongAdder corrupt = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder fillsStored = new LongAdder();
    final LongAdder fillsDropped = new LongAdder();
    final LongAdder bytesWritten = new LongAdder();
    final LongAdder bytesRead = new LongAdder();

    private final MeterRegistry registry;

    CacheMeters(MeterRegistry registry) {
        this.registry = registry;
        counter("verge.cache.lookups", "tier", "memory", "Lookups answered by the memory tier", memoryHits);
        counter("verge.cache.lookups", "tier", "disk", "Lookups answered by the disk tier", diskHits);
        counter("verge.cache.lookups", "tier", "none", "Lookups answered by no tier", misses);
        counter("verge.cache.evictions", "tier", "memory", "Keys pushed out of memory", memoryEvictions);
        counter("verge.cache.evictions", "tier", "disk", "Entries pushed off the disk", diskEvictions);
        counter("verge.cache.disk.errors", "kind", "io", "Failed operations of the disk tier", diskErrors);
        counter("verge.cache.disk.errors", "kind", "corrupt", "Chunks or heads missing or damaged", corrupt);
        counter(
                "verge.cache.disk.errors",
                "kind",
                "overload",
                "Disk operations refused, the queue being full",
                rejected);
        counter("verge.cache.fills", "result", "stored", "Responses written completely", fillsStored);
        counter("verge.cache.fills", "result", "dropped", "Responses begun and not kept", fillsDropped);
        counter("verge.cache.disk.bytes", "direction", "written", "Body bytes written to disk", bytesWritten);
        counter("verge.cache.disk.bytes", "direction", "read", "Body bytes read from disk", bytesRead);
    }

    private void counter(String name, String tag, String value, String description, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::sum)
                .tag(tag, value)
                .description(description)
                .register(registry);
    }

    void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }
}
