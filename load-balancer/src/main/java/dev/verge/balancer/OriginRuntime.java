package dev.verge.balancer;

import dev.verge.balancer.health.HealthState;
import dev.verge.balancer.health.Outliers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Counters and meters of one origin. Outlives config updates that leave the origin as it is. */
final class OriginRuntime {
    private static final Duration[] FIRST_BYTE_BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };

    private static final String[] STATUSES = {"other", "1xx", "2xx", "3xx", "4xx", "5xx"};

    private final Endpoint endpoint;
    private final MonotonicTime time;
    private final MeterSet meters;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder good = new LongAdder();
    private final LongAdder bad = new LongAdder();
    private final LongAdder heads = new LongAdder();
    private final LongAdder headNanos = new LongAdder();
    private final LatencyAverage latency = new LatencyAverage();
    private final LateCounters tries;
    private final Timer firstByte;
    private volatile Supplier<HealthState> health;

    OriginRuntime(Endpoint endpoint, HealthState health, MonotonicTime time, MeterRegistry registry, Tags poolTags) {
        this.endpoint = endpoint;
        this.health = () -> health;
        this.time = time;
        this.meters = new MeterSet(registry);
        Tags tags = poolTags.and("origin", label(endpoint));
        tries = new LateCounters(meters, "verge.origin.tries", "Tries by how they ended.", tags, "outcome");
        firstByte = meters.add(Timer.builder("verge.origin.first.byte")
                .description("Time from choosing an origin to its response head.")
                .serviceLevelObjectives(FIRST_BYTE_BUCKETS)
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder("verge.origin.usable", this, o -> o.health().usable(o.time.now()) ? 1 : 0)
                .description("Whether the origin may serve: not down by checks, not ejected.")
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder("verge.origin.ejected", this, o -> o.health().ejected(o.time.now()) ? 1 : 0)
                .description("Whether the origin rests after failing real requests.")
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder("verge.origin.active", this, o -> o.inFlight.get())
                .description("Tries in flight.")
                .tags(tags)
                .register(registry));
    }

    Endpoint endpoint() {
        return endpoint;
    }

    HealthState health() {
        return health.get();
    }

    /** From now on a pool keeps this origin's health; reading it there means there is no copy to go stale. */
    void healthFrom(Supplier<HealthState> source) {
        health = source;
    }

    int inFlight() {
        return inFlight.get();
    }

    double latencyNanos() {
        return latency.nanos(time.nanos());
    }

    void tryStarted() {
        inFlight.incrementAndGet();
    }

    void tryEnded() {
        inFlight.decrementAndGet();
    }

    void answered(int status, long tookNanos) {
        tries.count(STATUSES[status >= 100 && status <= 599 ? status / 100 : 0]);
        (status < 500 ? good : bad).increment();
        heads.increment();
        headNanos.add(tookNanos);
        firstByte.record(tookNanos, TimeUnit.NANOSECONDS);
        latency.observe(tookNanos, time.nanos());
    }

    void failed(TryFailure failure, long tookNanos) {
        tries.count(LateCounters.label(failure));
        bad.increment();
        switch (failure) {
            // Waiting in vain is the worst latency there is.
            case TIMEOUT, CONNECT_TIMEOUT -> latency.observe(tookNanos, time.nanos());
            // A quick refusal must not make an origin look quick.
            case REFUSED, TLS_FAILED, RESET, BAD_RESPONSE, BODY_CUT -> {}
        }
    }

    /** What happened since the last call. */
    Outliers.Sample takeSample() {
        long well = good.sumThenReset();
        return new Outliers.Sample(well + bad.sumThenReset(), well, heads.sumThenReset(), headNanos.sumThenReset());
    }

    void cancelled() {
        tries.count("cancelled");
    }

    /** Another origin answered before this one did. */
    void outrun(long waitedNanos) {
        tries.count("outrun");
        latency.observe(waitedNanos, time.nanos());
    }

    /** Takes the meters out of the registry. */
    void close() {
        meters.close();
    }

    private static String label(Endpoint endpoint) {
        String host = endpoint.origin().hostHeader();
        return host == null ? endpoint.origin().url() : endpoint.origin().url() + " (" + host + ")";
    }
}
