package dev.verge.balancer.health;

import dev.verge.balancer.options.HealthCheck;
import dev.verge.balancer.options.Outlier;
import java.time.Duration;
import java.time.Instant;

/**
 * Health of one origin. An origin is usable when its active checks do not say down and it is not ejected.
 *
 * @param down whether active checks have taken it out
 * @param streak probes in a row that disagree with {@code down}: bad ones while up, good ones while down
 * @param serverErrors 5xx answers and failures in a row
 * @param gatewayFailures 502, 503, 504 and failures in a row
 * @param ejections steps of the ejection back-off
 * @param ejectedUntil end of the current or last ejection; {@link Instant#MIN} before the first
 * @param since when it last became usable, for slow start; {@link Instant#MIN}: from the start
 */
public record HealthState(
        boolean down,
        int streak,
        int serverErrors,
        int gatewayFailures,
        int ejections,
        Instant ejectedUntil,
        Instant since) {

    /** What an origin starts with: trusted until probes or requests say otherwise. */
    public static final HealthState INITIAL = new HealthState(false, 0, 0, 0, 0, Instant.MIN, Instant.MIN);

    /** Whether it rests after too many failures. */
    public boolean ejected(Instant now) {
        return now.isBefore(ejectedUntil);
    }

    /** Whether it may serve. */
    public boolean usable(Instant now) {
        return !down && !ejected(now);
    }

    /** When it last became usable: back from an ejection or from being down; {@link Instant#MIN}: always was. */
    public Instant usableSince() {
        return ejectedUntil.isAfter(since) ? ejectedUntil : since;
    }

    /**
     * The state after an event. Returns this same instance when nothing changes, which is the usual case for a good answer.
     *
     * @param mayEject whether the pool can spare this origin now
     */
    public HealthState next(HealthEvent event, HealthRules rules, boolean mayEject, Instant now) {
        return switch (event) {
            case HealthEvent.ProbeGood() -> afterProbe(true, rules, now);
            case HealthEvent.ProbeBad() -> afterProbe(false, rules, now);
            case HealthEvent.Answered(int status)
            when status >= 500 && status <= 599 ->
                afterFailure(status >= 502 && status <= 504, rules.outlier(), mayEject, now);
            case HealthEvent.Answered(int _) -> serverErrors == 0 && gatewayFailures == 0 ? this : withCounts(0, 0);
            case HealthEvent.Failed(boolean _) -> afterFailure(true, rules.outlier(), mayEject, now);
            case HealthEvent.StoodOut() -> mayEject && !ejected(now) ? ejectedFrom(now, rules.outlier()) : this;
        };
    }

    /** The state when active checks are switched off: what they found no longer counts. */
    public HealthState withoutChecks() {
        return down || streak > 0 ? withProbe(false, 0, since) : this;
    }

    private HealthState afterProbe(boolean good, HealthRules rules, Instant now) {
        HealthCheck check = rules.check();
        if (check == null) {
            return this;
        }
        if (good == !down) {
            return streak == 0 ? this : withProbe(down, 0, since);
        }
        int needed = down ? check.consecutiveUp() : check.consecutiveDown();
        if (streak + 1 < needed) {
            return withProbe(down, streak + 1, since);
        }
        return withProbe(!down, 0, down ? now : since);
    }

    private HealthState afterFailure(boolean gateway, Outlier outlier, boolean mayEject, Instant now) {
        if (ejected(now)) {
            // A try that began before the ejection: it was counted when it could still matter.
            return this;
        }
        // A 500 says that the gateway path works, so it ends a row of gateway failures.
        int errors = increment(serverErrors);
        int failures = gateway ? increment(gatewayFailures) : 0;
        boolean over =
                reached(errors, outlier.consecutive5xx()) || reached(failures, outlier.consecutiveGatewayFailures());
        if (!over || !mayEject) {
            return withCounts(errors, failures);
        }
        return ejectedFrom(now, outlier);
    }

    private HealthState ejectedFrom(Instant now, Outlier outlier) {
        int steps = stepsLeft(outlier, now) + 1;
        return new HealthState(down, streak, 0, 0, steps, now.plus(ejection(steps, outlier)), since);
    }

    /** Each interval spent in service since the last ejection takes one step away. */
    private int stepsLeft(Outlier outlier, Instant now) {
        if (ejections == 0) {
            return 0;
        }
        long calm = Duration.between(ejectedUntil, now).dividedBy(outlier.interval());
        return (int) Math.max(0, ejections - calm);
    }

    /** The first ejection lasts the base time, each further step doubles it, up to the longest. */
    private static Duration ejection(int steps, Outlier outlier) {
        Duration doubled = outlier.baseEjection().multipliedBy(1L << Math.min(steps - 1, 20));
        return doubled.compareTo(outlier.maxEjection()) > 0 ? outlier.maxEjection() : doubled;
    }

    private static boolean reached(int count, int limit) {
        return limit > 0 && count >= limit;
    }

    private static int increment(int count) {
        return count == Integer.MAX_VALUE ? count : count + 1;
    }

    private HealthState withCounts(int errors, int failures) {
        return new HealthState(down, streak, errors, failures, ejections, ejectedUntil, since);
    }

    private HealthState withProbe(boolean nowDown, int nowStreak, Instant nowSince) {
        return new HealthState(nowDown, nowStreak, serverErrors, gatewayFailures, ejections, ejectedUntil, nowSince);
    }
}
