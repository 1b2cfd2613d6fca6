package dev.verge.sandbox.process;

import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.HostWall;
import dev.verge.sandbox.InvocationRecord;
import dev.verge.sandbox.RuntimeStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What a scrape shows of functions. Functions and accounts are not labels here: their number has no bound. */
final class FleetMeters {
    private final Map<FunctionOutcome, Counter> outcomes = new EnumMap<>(FunctionOutcome.class);
    private final Counter cpuSeconds;

    private final Map<HostEnd, Counter> ends = new EnumMap<>(HostEnd.class);

    FleetMeters(MeterRegistry registry, Supplier<RuntimeStatus> status, IntSupplier waiting, long budgetBytes) {
        for (HostEnd end : HostEnd.values()) {
            ends.put(
                    end,
                    Counter.builder("verge.function.hosts.ended")
                            .description("Hosts that were ended or replaced, by the reason")
                            .tag("reason", end.word())
                            .register(registry));
        }
        Gauge.builder("verge.function.hosts.rss", status, now -> now.get().residentBytes())
                .baseUnit("bytes")
                .description("Memory of the machine that function hosts hold")
                .register(registry);
        Gauge.builder("verge.function.hosts.budget", () -> budgetBytes)
                .baseUnit("bytes")
                .description("Memory that function hosts may be counted for")
                .register(registry);
        Gauge.builder("verge.function.waiting", waiting::getAsInt)
                .description("Calls that wait until their account has room for them")
                .register(registry);
        for (FunctionOutcome outcome : FunctionOutcome.values()) {
            outcomes.put(
                    outcome,
                    Counter.builder("verge.function.invocations")
                            .description("Invocations that are over, by how they ended")
                            .tag("outcome", outcome.word())
                            .register(registry));
        }
        cpuSeconds = Counter.builder("verge.function.cpu")
                .baseUnit("seconds")
                .description("CPU time of functions")
                .register(registry);
        Gauge.builder(
                        "verge.function.engine.optimised",
                        status,
                        now -> now.get().optimised() ? 1 : 0)
                .description("1 when JavaScript is compiled, 0 when it is interpreted or no host has booted yet")
                .register(registry);
        Gauge.builder(
                        "verge.function.lockdown",
                        status,
                        now -> now.get().lockdown().complete() ? 1 : 0)
                .description(
                        "1 when hosts are locked down fully, 0 when the kernel refuses a part or no host has booted yet")
                .register(registry);
        for (HostWall wall : HostWall.values()) {
            Gauge.builder(
                            "verge.function.lockdown.wall",
                            status,
                            now -> now.get().lockdown().standing().contains(wall) ? 1 : 0)
                    .tag("wall", wall.word())
                    .description("1 when this wall stands around function hosts")
                    .register(registry);
        }
        Gauge.builder("verge.function.hosts", status, now -> now.get().hosts().size())
                .description("Function host processes")
                .register(registry);
        Gauge.builder("verge.function.hosts.spare", status, now -> now.get().spares())
                .description("Exercised hosts that are nobody's yet")
                .register(registry);
    }

    void ended(HostEnd why) {
        Counter counter = ends.get(why);
        if (counter != null) {
            counter.increment();
        }
    }

    void record(InvocationRecord invocation) {
        Counter counter = outcomes.get(invocation.outcome());
        if (counter != null) {
            counter.increment();
        }
        cpuSeconds.increment(invocation.cpu().toNanos() / (double) TimeUnit.SECONDS.toNanos(1));
    }
}
