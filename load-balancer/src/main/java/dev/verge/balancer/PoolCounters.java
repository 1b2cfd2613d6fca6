package dev.verge.balancer;

import dev.verge.balancer.retry.RetryBudget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is in use of a pool's limits and budget, and whether anybody uses it at all. Shared by all versions of a pool while a config update is
 * under way.
 */
final class PoolCounters {
    private static final int GIVEN_UP = Integer.MIN_VALUE;

    /** Calls that are open and tries that are under way, which may end later. */
    private final AtomicInteger users = new AtomicInteger();

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong tickets;
    private final RetryBudget budget = new RetryBudget();
    private final ConnectionSlots connections = new ConnectionSlots(1);
    private final Map<Choice.Limit, Counter> reached = new EnumMap<>(Choice.Limit.class);
    private final MeterSet meters;
    private final LateCounters hedges;
    /** Null until somebody wants to know, which few pools do. */
    private final AtomicReference<@Nullable HeadTimes> headTimes = new AtomicReference<>();

    private volatile long usedNanos;

    /** @param firstTicket where turns begin */
    PoolCounters(MeterRegistry registry, Tags tags, long nowNanos, long firstTicket) {
        usedNanos = nowNanos;
        tickets = new AtomicLong(firstTicket);
        meters = new MeterSet(registry);
        hedges = new LateCounters(
                meters, "verge.pool.hedges", "Tries begun beside a slow one, by how they ended.", tags, "end");
        for (Choice.Limit limit : Choice.Limit.values()) {
            // There from the start: alerts watch for a rise from nothing.
            Counter counter = Counter.builder("verge.pool.limited")
                    .description("How often a limit of the pool held something back.")
                    .tags(tags)
                    .tag("limit", LateCounters.label(limit))
                    .register(registry);
            reached.put(limit, counter);
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

    /** Somebody begins to use the pool, and says {@link #leave} later; false once it has been given up. */
    boolean enter(long nowNanos) {
        while (true) {
            int now = users.get();
            if (now < 0) {
                return false;
            }
            if (users.compareAndSet(now, now + 1)) {
                usedNanos = nowNanos;
                return true;
            }
        }
    }

    void leave() {
        users.decrementAndGet();
    }

    boolean isUsed() {
        return users.get() > 0;
    }

    /** When somebody last began to use it. */
    long usedNanos() {
        return usedNanos;
    }

    /** Lets nobody in any more, unless somebody is in. */
    boolean giveUp() {
        return users.compareAndSet(0, GIVEN_UP);
    }

    boolean isGivenUp() {
        return users.get() < 0;
    }

    ConnectionSlots connections() {
        return connections;
    }

    void count(Choice.Limit limit) {
        Objects.requireNonNull(reached.get(limit)).increment();
    }

    void count(HedgeEnd end) {
        hedges.count(LateCounters.label(end));
    }

    /** An answer's head took so long. */
    void headTook(long tookNanos, long nowNanos) {
        HeadTimes times = headTimes.get();
        if (times == null) {
            HeadTimes fresh = new HeadTimes();
            times = headTimes.compareAndSet(null, fresh) ? fresh : headTimes.get();
        }
        Objects.requireNonNull(times).add(tookNanos, nowNanos);
    }

    /** Time within which so many percent of the heads came of late, in nanoseconds; empty with too few of them. */
    OptionalLong typicalHead(int percent, long nowNanos) {
        HeadTimes times = headTimes.get();
        return times == null ? OptionalLong.empty() : times.percentile(percent, nowNanos);
    }

    /** Takes the meters out of the registry. */
    void close() {
        meters.close();
    }

    /** Reserves one of at most {@code max} requests, for somebody who is in. */
    boolean acquireRequest(int max) {
        boolean acquired = acquire(requests, max);
        if (acquired) {
            users.incrementAndGet();
        }
        return acquired;
    }

    void releaseRequest() {
        requests.decrementAndGet();
        leave();
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
