package dev.verge.balancer;

import dev.verge.balancer.retry.RetryBudget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What is in use of a pool's limits and budget. Shared by all versions of a pool while a config update is under way. */
final class PoolCounters {
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong tickets = new AtomicLong();
    private final RetryBudget budget = new RetryBudget();
    private final ConnectionSlots connections = new ConnectionSlots(1);
    private final HeadTimes headTimes = new HeadTimes();
    private final Map<HedgeEnd, Counter> hedges = new EnumMap<>(HedgeEnd.class);
    private final Map<Choice.Limit, Counter> reached = new EnumMap<>(Choice.Limit.class);
    private final List<Meter> meters = new ArrayList<>();
    private final MeterRegistry registry;

    PoolCounters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        for (Choice.Limit limit : Choice.Limit.values()) {
            Counter counter = Counter.builder("verge.pool.limited")
                    .description("How often a limit of the pool held something back.")
                    .tags(tags)
                    .tag("limit", limit.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .register(registry);
            reached.put(limit, counter);
            meters.add(counter);
        }
        for (HedgeEnd end : HedgeEnd.values()) {
            Counter counter = Counter.builder("verge.pool.hedges")
                    .description("Tries begun beside a slow one, by how they ended.")
                    .tags(tags)
                    .tag("end", end.name().toLowerCase(Locale.ROOT))
                    .register(registry);
            hedges.put(end, counter);
            meters.add(counter);
        }
        meters.add(Gauge.builder("verge.pool.requests", requests, AtomicInteger::get)
                .description("Tries in flight, waiting ones included.")
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder("verge.pool.pending", pending, AtomicInteger::get)
                .description("Tries that have no connection yet.")
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder("verge.pool.connections", connections, ConnectionSlots::used)
                .description("Connections to the pool's origins, unused ones included.")
                .tags(tags)
                .register(registry));
    }

    ConnectionSlots connections() {
        return connections;
    }

    void count(Choice.Limit limit) {
        Objects.requireNonNull(reached.get(limit)).increment();
    }

    void count(HedgeEnd end) {
        Objects.requireNonNull(hedges.get(end)).increment();
    }

    HeadTimes headTimes() {
        return headTimes;
    }

    /** Takes the meters out of the registry. */
    void close() {
        meters.forEach(registry::remove);
    }

    /** Reserves one of at most {@code max} requests. */
    boolean acquireRequest(int max) {
        return acquire(requests, max);
    }

    void releaseRequest() {
        requests.decrementAndGet();
    }

    /** Reserves one of at most {@code max} places in the queue for a connection. */
    boolean acquirePending(int max) {
        return acquire(pending, max);
    }

    void releasePending() {
        pending.decrementAndGet();
    }

    int requests() {
        return requests.get();
    }

    int pending() {
        return pending.get();
    }

    long nextTicket() {
        return tickets.getAndIncrement();
    }

    RetryBudget budget() {
        return budget;
    }

    private static boolean acquire(AtomicInteger counter, int max) {
        if (counter.incrementAndGet() > max) {
            counter.decrementAndGet();
            return false;
        }
        return true;
    }
}
