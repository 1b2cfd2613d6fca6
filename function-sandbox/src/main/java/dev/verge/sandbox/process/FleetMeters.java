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
import java.util.function.Supplier;

/** What a scrape shows of functions. Functions and accounts are not labels here: their number has no bound. */
final class FleetMeters {
    private final Map<FunctionOutcome, Counter> outcomes = new EnumMap<>(FunctionOutcome.class);
    private final Counter cpuSeconds;

    FleetMeters(MeterRegistry registry, Supplier<RuntimeStatus> status) {
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

    void record(InvocationRecord invocation) {
        Counter counter = outcomes.get(invocation.outcome());
        if (counter != null) {
            counter.increment();
        }
        cpuSeconds.increment(invocation.cpu().toNanos() / (double) TimeUnit.SECONDS.toNanos(1));
    }
}
