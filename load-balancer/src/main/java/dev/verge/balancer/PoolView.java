package dev.verge.balancer;

import dev.verge.balancer.choice.Member;
import dev.verge.balancer.choice.Snapshot;
import dev.verge.balancer.health.HealthState;
import dev.verge.balancer.health.PoolHealth;
import dev.verge.balancer.options.OriginRole;
import dev.verge.balancer.options.PoolOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The tiers of a pool for one state of health, and how long they hold.
 *
 * <p>Order: usable primaries; usable backups; and only when there are none of either, origins that are ejected but not down (an
 * ejection never empties a pool), then with {@code failOpen} all that are down.
 *
 * @param holdsUntilNanos when an ejection ends or a slow start takes its next step
 */
record PoolView(PoolHealth basis, Snapshot snapshot, long holdsUntilNanos) {
    /** Steps of a slow start; each one rebuilds the view. */
    private static final int SLOW_START_STEPS = 20;

    private static final double SMALLEST_SHARE = 1.0 / SLOW_START_STEPS;

    static PoolView of(PoolOptions options, List<Endpoint> endpoints, PoolHealth health, Instant now, long nowNanos) {
        List<Member> primaries = new ArrayList<>();
        List<Member> backups = new ArrayList<>();
        List<Member> ejected = new ArrayList<>();
        List<Member> down = new ArrayList<>();
        Duration holds =
                health.nextReturn(now).map(at -> Duration.between(now, at)).orElse(Duration.ofDays(1));
        for (int i = 0; i < endpoints.size(); i++) {
            HealthState state = health.origins().get(i);
            Endpoint endpoint = endpoints.get(i);
            double share = share(options, state, now);
            if (share < 1 && options.slowStart() != null) {
                Duration step = options.slowStart().dividedBy(SLOW_START_STEPS);
                holds = holds.compareTo(step) < 0 ? holds : step;
            }
            Member member = new Member(i, endpoint.id(), endpoint.origin().weight() * share);
            if (state.usable(now)) {
                (endpoint.origin().role() == OriginRole.PRIMARY ? primaries : backups).add(member);
            } else if (!state.down()) {
                ejected.add(member);
            } else if (options.failOpen()) {
                down.add(member);
            }
        }
        boolean anyUsable = !primaries.isEmpty() || !backups.isEmpty();
        Snapshot snapshot = Snapshot.of(anyUsable ? List.of(primaries, backups) : List.of(ejected, down));
        return new PoolView(health, snapshot, nowNanos + Math.max(1, holds.toNanos()));
    }

    boolean isCurrent(PoolHealth state, long nanos) {
        return basis.equals(state) && nanos - holdsUntilNanos < 0;
    }

    /** Part of its weight that an origin gets: grows evenly over the slow start after it came back. */
    private static double share(PoolOptions options, HealthState state, Instant now) {
        Instant since = state.usableSince();
        if (options.slowStart() == null || since.equals(Instant.MIN) || since.isAfter(now)) {
            return 1;
        }
        Duration slowStart = options.slowStart();
        Duration elapsed = Duration.between(since, now);
        if (elapsed.compareTo(slowStart) >= 0) {
            return 1;
        }
        return Math.max(SMALLEST_SHARE, (double) elapsed.toNanos() / slowStart.toNanos());
    }
}
