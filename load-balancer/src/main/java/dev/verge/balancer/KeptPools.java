package dev.verge.balancer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/**
 * Pools that were made because somebody asked for them. When there are more than so many, those that nobody has used for longest are given
 * up: first their unused connections, then what else they are. Pools in use stay, however many they are. Not thread-safe, but for what the
 * meters read.
 */
final class KeptPools {
    private final int most;
    private final MonotonicTime time;
    private final Set<LatePool> all = new HashSet<>();
    private final MeterSet meters;
    private final Counter givenUp;
    private volatile int size;
    private int next;

    /** @param most pools that stay though nobody uses them, give or take a quarter */
    KeptPools(int most, MonotonicTime time, MeterRegistry registry) {
        this.most = most;
        this.time = time;
        this.next = most;
        this.meters = new MeterSet(registry);
        meters.add(Gauge.builder("verge.pools", this, kept -> kept.size)
                .description("Pools that were made at their first request and are kept.")
                .register(registry));
        this.givenUp = meters.add(Counter.builder("verge.pools.given.up")
                .description("Pools given up because others are used more; their next request makes them anew.")
                .register(registry));
    }

    void add(LatePool pool) {
        all.add(pool);
        if (all.size() > next) {
            look();
        }
        size = all.size();
    }

    void remove(LatePool pool) {
        all.remove(pool);
        size = all.size();
    }

    /** Takes as many steps as there are pools, and is therefore done once for each eighth of them that is new. */
    private void look() {
        long now = time.nanos();
        int tooMany = all.size() - most;
        long[] ages = all.stream()
                .filter(LatePool::isUnused)
                .mapToLong(pool -> now - pool.usedNanos())
                .sorted()
                .toArray();
        long old = ages.length == 0 ? Long.MAX_VALUE : ages[Math.max(0, ages.length - tooMany)];
        for (Iterator<LatePool> each = all.iterator(); tooMany > 0 && each.hasNext(); ) {
            LatePool pool = each.next();
            if (pool.isUnused() && now - pool.usedNanos() >= old) {
                tooMany--;
                if (pool.giveUp()) {
                    each.remove();
                    givenUp.increment();
                }
            }
        }
        next = Math.max(most, all.size()) + Math.max(1, most / 8);
    }

    void close() {
        meters.close();
    }
}
