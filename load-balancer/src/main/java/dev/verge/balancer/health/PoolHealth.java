package dev.verge.balancer.health;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Health of all origins of a pool, by index. Holds what concerns more than one of them: passive ejection takes at most
 * {@code maxEjectedPercent} of the pool (unless connections were refused or reset) and never the last usable origin.
 */
public record PoolHealth(List<HealthState> origins) {
    public PoolHealth {
        origins = List.copyOf(origins);
    }

    /** The state after an event at one origin; this same instance when nothing changes. */
    public PoolHealth next(int index, HealthEvent event, HealthRules rules, Instant now) {
        HealthState before = origins.get(index);
        HealthState after = before.next(event, rules, mayEject(index, event, rules, now), now);
        if (after.equals(before)) {
            return this;
        }
        List<HealthState> changed = new ArrayList<>(origins);
        changed.set(index, after);
        return new PoolHealth(changed);
    }

    /** The next time at which an ejection ends; empty when nobody is ejected. */
    public Optional<Instant> nextReturn(Instant now) {
        return origins.stream()
                .filter(o -> o.ejected(now))
                .map(HealthState::ejectedUntil)
                .min(Instant::compareTo);
    }

    private boolean mayEject(int index, HealthEvent event, HealthRules rules, Instant now) {
        boolean failure = switch (event) {
            case HealthEvent.Failed(boolean _), HealthEvent.StoodOut() -> true;
            case HealthEvent.Answered(int status) -> status >= 500;
            case HealthEvent.ProbeGood(), HealthEvent.ProbeBad() -> false;
        };
        if (!failure) {
            return false;
        }
        int othersUsable = 0;
        int ejected = 0;
        for (int i = 0; i < origins.size(); i++) {
            if (i != index && origins.get(i).usable(now)) {
                othersUsable++;
            }
            if (origins.get(i).ejected(now)) {
                ejected++;
            }
        }
        boolean shielded = !(event instanceof HealthEvent.Failed(boolean refused) && refused);
        boolean withinShare = (ejected + 1) * 100 <= rules.outlier().maxEjectedPercent() * origins.size();
        return othersUsable > 0 && (withinShare || !shielded);
    }
}
