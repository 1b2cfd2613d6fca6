package dev.verge.balancer;

import dev.verge.balancer.retry.RetryBudget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
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
    private final LateMeters<Meters> meters;

    PoolCounters(MeterRegistry registry, Tags tags) {
        this.meters = new LateMeters<>(registry, to -> new Meters(to, tags));
    }

    /** What operators see of it, from the first request on. */
    private final class Meters extends LateMeters.Group {
        private final Map<HedgeEnd, Counter> hedges = new EnumMap<>(HedgeEnd.class);
        private final Map<Choice.Limit, Counter> reached = new EnumMap<>(Choice.Limit.class);

        Meters(MeterRegistry registry, Tags tags) {
            super(registry);
            for (Choice.Limit limit : Choice.Limit.values()) {
                reached.put(
                        limit,
                        keep(Counter.builder("verge.pool.limited")
                                .description("How often a limit of the pool held something back.")
                                .tags(tags)
                                .tag(
                                        "limit",
                                        limit.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                                .register(registry)));
            }
            for (HedgeEnd end : HedgeEnd.values()) {
                hedges.put(
                        end,
                        keep(Counter.builder("verge.pool.hedges")
                                .description("Tries begun beside a slow one, by how they ended.")
                                .tags(tags)
                                .tag("end", end.name().toLowerCase(Locale.ROOT))
                                .register(registry)));
            }
            keep(Gauge.builder("verge.pool.requests", requests, AtomicInteger::get)
                    .description("Tries in flight, waiting ones included.")
                    .tags(tags)
                    .register(registry));
            keep(Gauge.builder("verge.pool.pending", pending, AtomicInteger::get)
                    .description("Tries that have no connection yet.")
                    .tags(tags)
                    .register(registry));
            keep(Gauge.builder("verge.pool.connections", connections, ConnectionSlots::used)
                    .description("Connections to the pool's origins, unused ones included.")
                    .tags(tags)
                    .register(registry));
        }
    }

    /** The pool is in use: its meters are there from now on. */
    void show() {
        var _ = meters.get();
    }

    ConnectionSlots connections() {
        return connections;
    }

    void count(Choice.Limit limit) {
        Objects.requireNonNull(meters.get().reached.get(limit)).increment();
    }

    void count(HedgeEnd end) {
        Objects.requireNonNull(meters.get().hedges.get(end)).increment();
    }

    HeadTimes headTimes() {
        return headTimes;
    }

    /** Takes the meters out of the registry. */
    void close() {
        meters.close();
    }

    /** Reserves one of at most {@code max} requests. */
    boolean acquireRequest(int max) {
        show();
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
