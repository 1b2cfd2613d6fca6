package dev.verge.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.PoolStatus;
import dev.verge.balancer.PoolStatus.OriginStatus;
import dev.verge.balancer.options.OriginRole;
import dev.verge.sync.report.NodeLoad;
import dev.verge.sync.report.NodeReport;
import dev.verge.sync.report.OriginOutage;
import dev.verge.sync.report.OriginOutage.State;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NodeReporterTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong requests = new AtomicLong(1_000);
    private final List<PoolStatus> pools = new ArrayList<>();

    @Test
    void ratesAreOverTheTimeSinceTheReportBefore() {
        FunctionCounter.builder("verge.requests", requests, AtomicLong::get)
                .tag("cache", "hit")
                .register(registry);
        FunctionCounter.builder("verge.requests", requests, AtomicLong::get)
                .tag("cache", "miss")
                .register(registry);
        Gauge.builder("verge.connections", () -> 7).register(registry);
        Gauge.builder("verge.cache.memory.bytes", () -> 4096).register(registry);
        NodeReporter reporter = new NodeReporter(registry, () -> pools, nanos::get);
        requests.addAndGet(500);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        NodeLoad load = reporter.report().load();
        assertThat(load.requestsPerSecond()).isEqualTo(200);
        assertThat(load.connections()).isEqualTo(7);
        assertThat(load.cacheMemoryBytes()).isEqualTo(4096);
        assertThat(load.cacheDiskBytes()).as("no disk tier").isZero();
        assertThat(load.memoryBytes()).as("of this process").isBetween(10L << 20, 100L << 30);
        assertThat(load.memoryTotalBytes()).isGreaterThan(load.memoryBytes());
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        assertThat(reporter.report().load().requestsPerSecond()).isZero();
    }

    @Test
    void whatIsNotUsableIsToldAndOfTooManyTheSameOnes() {
        NodeReporter reporter = new NodeReporter(registry, () -> pools, nanos::get);
        pools.add(new PoolStatus(
                "acme/shop",
                "app",
                0,
                0,
                List.of(
                        origin(1, true, false, null),
                        origin(2, false, true, "status 503"),
                        origin(3, false, false, null))));
        assertThat(reporter.report().outages())
                .containsExactly(
                        new OriginOutage("acme", "shop", "app", url(2), State.DOWN, "status 503"),
                        new OriginOutage("acme", "shop", "app", url(3), State.EJECTED, null));

        pools.clear();
        pools.add(new PoolStatus(
                "acme/shop",
                "app",
                0,
                0,
                IntStream.range(0, 400)
                        .mapToObj(i -> origin(10_000 + (i * 7) % 400, false, true, null))
                        .toList()));
        NodeReport report = reporter.report();
        assertThat(report.outages()).hasSize(NodeReport.MAX_OUTAGES);
        assertThat(report.omitted()).isEqualTo(400 - NodeReport.MAX_OUTAGES);
        assertThat(report.outages().getFirst().origin()).isEqualTo(url(10_000));
        assertThat(report.outages().getLast().origin()).isEqualTo(url(10_299));
    }

    private static OriginStatus origin(int port, boolean usable, boolean down, @Nullable String failure) {
        return new OriginStatus(
                "o" + port, url(port), OriginRole.PRIMARY, usable, down, !usable && !down, 0, 0, failure);
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }
}
