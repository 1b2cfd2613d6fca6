package dev.verge.node.quota;

import dev.verge.sync.log.AccountQuotas;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The quotas of one account and what it has used of them. Thread-safe. */
final class Quota {
    /** Runs end all the time; nobody knows when the next one does. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final AccountQuotas limits;
    private final @Nullable Bucket requests;
    private final @Nullable Bucket runs;
    private final @Nullable Bucket cpu;
    private final AtomicInteger concurrent;
    private final Part part;

    /**
     * Nothing is used, but what still runs.
     *
     * @param concurrent runs under way, shared with those that stood before
     * @param part this node's part of it, likewise
     */
    Quota(AccountQuotas limits, AtomicInteger concurrent, Part part, long nowNanos) {
        this.limits = limits;
        this.concurrent = concurrent;
        this.part = part;
        this.requests = bucket(limits.requestsPerSecond(), nowNanos);
        this.runs = bucket(limits.functionRunsPerSecond(), nowNanos);
        Duration minute = limits.functionCpuPerMinute();
        this.cpu = minute == null ? null : new Bucket(minute.toNanos(), Duration.ofMinutes(1), nowNanos);
    }

    private static @Nullable Bucket bucket(@Nullable Integer perSecond, long nowNanos) {
        return perSecond == null ? null : new Bucket(perSecond, Duration.ofSeconds(1), nowNanos);
    }

    AccountQuotas limits() {
        return limits;
    }

    AtomicInteger concurrent() {
        return concurrent;
    }

    Part part() {
        return part;
    }

    @Nullable
    Duration request(long nowNanos) {
        return requests == null ? null : requests.take(nowNanos, part.ofRequests(nowNanos));
    }

    Admission run(long nowNanos) {
        Duration wait = cpu == null ? null : cpu.empty(nowNanos);
        if (wait != null) {
            return new Admission.Refused(Quotas.CPU, wait);
        }
        double share = part.ofFunctions(nowNanos);
        Integer most = limits.concurrentFunctions();
        int now = concurrent.incrementAndGet();
        if (most != null && now > Math.max(1, (long) (most * share))) {
            concurrent.decrementAndGet();
            return new Admission.Refused(Quotas.CONCURRENT, SOON);
        }
        wait = runs == null ? null : runs.take(nowNanos, share);
        if (wait != null) {
            concurrent.decrementAndGet();
            return new Admission.Refused(Quotas.RUNS, wait);
        }
        return new Admission.Admitted(cpuNanos -> {
            concurrent.decrementAndGet();
            if (cpu != null) {
                cpu.charge(cpuNanos, System.nanoTime(), share);
            }
        });
    }
}
