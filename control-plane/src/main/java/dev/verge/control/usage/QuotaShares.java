package dev.verge.control.usage;

import dev.verge.sync.usage.QuotaShare;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageInterval;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageRow;
import dev.verge.sync.usage.UsageSum;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the quotas of accounts to the nodes: nine tenths by what each has used lately, one tenth evenly, so that a node that was quiet
 * may begin. What is handed out at a time never exceeds the whole. Thread-safe.
 */
final class QuotaShares {
    /** After so long without use, half of it is forgotten. */
    private static final Duration HALF_LIFE = Duration.ofSeconds(2);

    private static final double BY_USE = 0.9;

    /** Less than that is no use any more. */
    private static final double NOTHING = 0.01;

    /** Makes up for what a sum of fractions lacks to a whole millionth. */
    private static final double ROUNDING = 1e-6;

    private final Map<String, Map<String, Use>> accounts = new HashMap<>();
    private volatile Map<String, Map<String, QuotaShare>> handedOut = Map.of();

    /**
     * What was used lately, the older the less.
     *
     * @param requests to sites
     * @param runs of functions
     */
    record Use(double requests, double runs, long atNanos) {
        static final Use NONE = new Use(0, 0, 0);

        Use at(long nowNanos) {
            double left = Math.pow(0.5, Math.max(0, nowNanos - atNanos) / (double) HALF_LIFE.toNanos());
            return new Use(requests * left, runs * left, nowNanos);
        }

        Use plus(Use other) {
            return new Use(requests + other.requests, runs + other.runs, atNanos);
        }
    }

    /** A node has used something. */
    synchronized void used(String node, Collection<UsageInterval> intervals, Set<String> limited, long nowNanos) {
        for (UsageInterval interval : intervals) {
            for (UsageRow row : interval.rows()) {
                if (limited.contains(row.account())) {
                    accounts.computeIfAbsent(row.account(), account -> new HashMap<>())
                            .merge(
                                    node,
                                    use(row, nowNanos),
                                    (before, more) -> before.at(nowNanos).plus(more));
                }
            }
        }
    }

    private static Use use(UsageRow row, long nowNanos) {
        UsageSum sum = new UsageSum().add(row);
        return row.kind() == UsageKey.Kind.SITE
                ? new Use(sum.get(UsageField.STATUSES), 0, nowNanos)
                : new Use(0, sum.get(UsageField.OUTCOMES), nowNanos);
    }

    /** What the nodes of this control plane use together, by account; accounts that have no quotas any more are forgotten. */
    synchronized Map<String, Use> sums(Set<String> limited, long nowNanos) {
        accounts.keySet().retainAll(limited);
        Map<String, Use> sums = new HashMap<>();
        accounts.forEach((account, nodes) -> {
            nodes.replaceAll((node, use) -> use.at(nowNanos));
            nodes.values().removeIf(use -> use.requests() + use.runs() < NOTHING);
            sums.put(account, nodes.values().stream().reduce(new Use(0, 0, nowNanos), Use::plus));
        });
        return sums;
    }

    /**
     * Hands out anew.
     *
     * @param elsewhere what nodes of other control planes use together, by account
     * @param nodes how many there are, of all control planes
     */
    synchronized void handOut(Set<String> limited, Map<String, Use> elsewhere, int nodes, long nowNanos) {
        Map<String, Use> here = sums(limited, nowNanos);
        Map<String, Map<String, QuotaShare>> next = new HashMap<>();
        accounts.forEach((account, of) -> {
            Use all = here.getOrDefault(account, Use.NONE).plus(elsewhere.getOrDefault(account, Use.NONE));
            of.forEach((node, use) -> next.computeIfAbsent(node, name -> new HashMap<>())
                    .put(
                            account,
                            new QuotaShare(
                                    part(use.requests(), all.requests(), nodes),
                                    part(use.runs(), all.runs(), nodes),
                                    millionths(1.0 / nodes))));
        });
        handedOut = next;
    }

    private static int part(double own, double all, int nodes) {
        double even = 1.0 / nodes;
        return millionths(all < NOTHING ? even : (1 - BY_USE) * even + BY_USE * own / all);
    }

    private static int millionths(double part) {
        return Math.clamp((long) (part * QuotaShare.WHOLE + ROUNDING), 1, QuotaShare.WHOLE);
    }

    /** What was handed out to a node last, by account. */
    Map<String, QuotaShare> of(String node) {
        @Nullable Map<String, QuotaShare> own = handedOut.get(node);
        return own == null ? Map.of() : own;
    }
}
