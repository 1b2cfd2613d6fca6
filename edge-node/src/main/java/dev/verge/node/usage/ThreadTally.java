package dev.verge.node.usage;

import dev.verge.node.site.Site;
import dev.verge.sandbox.FunctionVersion;
import dev.verge.sandbox.InvocationRecord;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageSum;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** The numbers of one thread since they were last taken. */
final class ThreadTally {
    private static final long MEBIBYTE = 1 << 20;
    private static final long NANOS_IN_MICRO = 1_000;

    private IdentityHashMap<Site, SiteTally> sites = new IdentityHashMap<>();
    private Map<UsageKey, UsageSum> functions = new HashMap<>();

    synchronized void answered(Site site, int status, String cache, long bytesIn, long bytesOut, long nanos) {
        SiteTally tally = sites.get(site);
        if (tally == null) {
            tally = new SiteTally();
            sites.put(site, tally);
        }
        tally.add(status, cache, bytesIn, bytesOut, nanos / NANOS_IN_MICRO);
    }

    synchronized void ran(InvocationRecord run, long bytesIn, long bytesOut) {
        FunctionVersion function = run.function();
        UsageField outcome = UsageField.of(run.outcome().word());
        long wallNanos = Math.max(0, run.wall().minus(run.waited()).toNanos());
        UsageSum sum = sum(function)
                .add(UsageField.CPU_MICROS, run.cpu().toNanos() / NANOS_IN_MICRO)
                .add(UsageField.WALL_MICROS, wallNanos / NANOS_IN_MICRO)
                .add(
                        UsageField.MEBIBYTE_MILLIS,
                        Math.ceilDiv(function.limits().memoryBytes(), MEBIBYTE) * Math.ceilDiv(wallNanos, 1_000_000L))
                .add(UsageField.SUBREQUESTS, run.subrequests())
                .add(UsageField.COLD_STARTS, run.coldStart().isZero() ? 0 : 1)
                .add(UsageField.BYTES_IN, bytesIn)
                .add(UsageField.BYTES_OUT, bytesOut)
                .took(run.wall().toNanos() / NANOS_IN_MICRO);
        if (outcome != null) {
            sum.add(outcome, 1);
        }
    }

    synchronized void sent(InvocationRecord run, long bytes) {
        sum(run.function()).add(UsageField.BYTES_OUT, bytes);
    }

    private UsageSum sum(FunctionVersion function) {
        return functions.computeIfAbsent(
                UsageKey.function(function.account(), function.name(), Integer.parseInt(function.version())),
                key -> new UsageSum());
    }

    void takeInto(Map<UsageKey, UsageSum> sums) {
        IdentityHashMap<Site, SiteTally> takenSites;
        Map<UsageKey, UsageSum> takenFunctions;
        synchronized (this) {
            takenSites = sites;
            takenFunctions = functions;
            if (!takenSites.isEmpty()) {
                sites = new IdentityHashMap<>();
            }
            if (!takenFunctions.isEmpty()) {
                functions = new HashMap<>();
            }
        }
        takenSites.forEach((site, tally) ->
                tally.addTo(sums.computeIfAbsent(UsageKey.site(site.account(), site.name()), key -> new UsageSum())));
        takenFunctions.forEach((key, sum) ->
                sums.computeIfAbsent(key, absent -> new UsageSum()).add(sum));
    }
}
