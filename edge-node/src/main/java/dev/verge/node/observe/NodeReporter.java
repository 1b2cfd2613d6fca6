package dev.verge.node.observe;

import com.sun.management.OperatingSystemMXBean;
import dev.verge.balancer.PoolStatus;
import dev.verge.balancer.PoolStatus.OriginStatus;
import dev.verge.sync.report.NodeLoad;
import dev.verge.sync.report.NodeReport;
import dev.verge.sync.report.OriginOutage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Reads off the meters, the machine and the pools what the node tells of itself. One call at a time. */
public final class NodeReporter {
    /** Of this process: {@code VmRSS:  123456 kB}. */
    private static final Path STATUS = Path.of("/proc/self/status");

    private static final String RESIDENT = "VmRSS:";

    private final MeterRegistry registry;
    private final Supplier<List<PoolStatus>> pools;
    private final LongSupplier nanoTime;
    private final OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private double requestsBefore;
    private long nanosBefore;

    /**
     * Counts from now on.
     *
     * @param pools those with origins that may not serve
     * @param nanoTime as {@link System#nanoTime}
     */
    public NodeReporter(MeterRegistry registry, Supplier<List<PoolStatus>> pools, LongSupplier nanoTime) {
        this.registry = registry;
        this.pools = pools;
        this.nanoTime = nanoTime;
        this.requestsBefore = counted("verge.requests");
        this.nanosBefore = nanoTime.getAsLong();
    }

    /** What is to be told now; rates are over the time since the call before. */
    public NodeReport report() {
        List<OriginOutage> all = outages();
        List<OriginOutage> told = all.subList(0, Math.min(all.size(), NodeReport.MAX_OUTAGES));
        return new NodeReport(load(), told, all.size() - told.size());
    }

    private NodeLoad load() {
        double requests = counted("verge.requests");
        long now = nanoTime.getAsLong();
        double rate = (requests - requestsBefore) / Math.max(1e-3, (now - nanosBefore) / 1e9);
        requestsBefore = requests;
        nanosBefore = now;
        return new NodeLoad(
                share(machine.getCpuLoad()),
                share(machine.getProcessCpuLoad()),
                resident() + gauged("verge.function.hosts.rss"),
                machine.getTotalMemorySize(),
                gauged("verge.connections"),
                Math.max(0, rate),
                gauged("verge.cache.memory.bytes"),
                gauged("verge.cache.disk.live.bytes"));
    }

    /** In the same order each time, so that of too many the same ones are told. */
    private List<OriginOutage> outages() {
        List<OriginOutage> all = new ArrayList<>();
        for (PoolStatus pool : pools.get()) {
            for (OriginStatus origin : pool.origins()) {
                if (!origin.usable()) {
                    all.add(outage(pool, origin));
                }
            }
        }
        all.sort(Comparator.comparing(OriginOutage::account)
                .thenComparing(OriginOutage::site)
                .thenComparing(OriginOutage::pool)
                .thenComparing(OriginOutage::origin));
        return all;
    }

    private static OriginOutage outage(PoolStatus pool, OriginStatus origin) {
        int slash = pool.scope().indexOf('/');
        return new OriginOutage(
                pool.scope().substring(0, slash),
                pool.scope().substring(slash + 1),
                pool.name(),
                origin.url(),
                origin.down() ? OriginOutage.State.DOWN : OriginOutage.State.EJECTED,
                origin.probeFailure());
    }

    private double counted(String name) {
        return registry.find(name).functionCounters().stream()
                .mapToDouble(FunctionCounter::count)
                .sum();
    }

    private long gauged(String name) {
        double sum = registry.find(name).gauges().stream()
                .mapToDouble(Gauge::value)
                .filter(Double::isFinite)
                .sum();
        return Math.max(0, Math.round(sum));
    }

    /** The machine says less than 0, or no number, where it does not know. */
    private static double share(double told) {
        return told >= 0 && told <= 1 ? told : 0;
    }

    /** Bytes; 0 where the system does not tell them so. */
    private static long resident() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> 1024
                            * Long.parseLong(line.substring(RESIDENT.length(), line.length() - "kB".length())
                                    .strip()))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
