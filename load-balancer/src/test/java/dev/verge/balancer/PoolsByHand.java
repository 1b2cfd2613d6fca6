package dev.verge.balancer;

import static java.util.Objects.requireNonNull;

import dev.verge.balancer.health.ClientKeys;
import dev.verge.balancer.options.SamplePools;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** Pools without sockets and with time moved by hand, and short words for using them. */
abstract class PoolsByHand {
    static final String A = "http://10.0.0.1:80";
    static final String B = "http://10.0.0.2:80";
    static final String C = "http://10.0.0.3:80";

    static final int IDLE_POOLS = 16;

    final Vertx vertx = Vertx.vertx();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final ManualTime clock = new ManualTime();
    final SplittableRandom random = new SplittableRandom(42);
    final UpstreamPools pools = new UpstreamPools(
            vertx,
            registry,
            (_, _, _) -> Future.failedFuture("no probes here"),
            ClientKeys.NONE,
            "installation",
            IDLE_POOLS,
            clock.time(),
            () -> random);

    @AfterEach
    void closePools() throws Exception {
        pools.close();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    UpstreamPool pool(SamplePools sample) {
        return requireNonNull(pools.update("default/shop", Map.of("app", sample.build()))
                        .get("app"))
                .get();
    }

    static UpstreamCall open(UpstreamPool pool) {
        return requireNonNull(pool.open(), "given up");
    }

    static Choice choose(UpstreamPool pool) {
        try (UpstreamCall call = open(pool)) {
            return call.next(Client.PLAIN);
        }
    }

    static Choice.Picked choose(UpstreamPool pool, Client client) {
        try (UpstreamCall call = open(pool)) {
            return (Choice.Picked) call.next(client);
        }
    }

    static Lease pick(UpstreamPool pool) {
        return ((Choice.Picked) choose(pool)).lease();
    }

    static Lease pickOf(UpstreamPool pool, String url) {
        for (int i = 0; i < 1_000; i++) {
            Lease lease = pick(pool);
            if (lease.endpoint().origin().url().equals(url)) {
                return lease;
            }
            lease.close();
        }
        throw new AssertionError(url + " is never picked");
    }

    static void fail(UpstreamPool pool, String url, TryFailure failure, int times) {
        for (int i = 0; i < times; i++) {
            Lease lease = pickOf(pool, url);
            lease.failed(failure);
            lease.close();
        }
    }

    static String succeed(UpstreamPool pool) {
        Lease lease = pick(pool);
        lease.responded(200);
        lease.close();
        return lease.endpoint().origin().url();
    }

    static Set<String> urls(UpstreamPool pool, int times) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < times; i++) {
            Lease lease = pick(pool);
            seen.add(lease.endpoint().origin().url());
            lease.close();
        }
        return seen;
    }

    static double share(UpstreamPool pool, String url) {
        int rounds = 4_200;
        long hits = IntStream.range(0, rounds)
                .filter(_ -> succeed(pool).equals(url))
                .count();
        return hits / (double) rounds;
    }

    double gauge(String name, String url) {
        return registry.get(name).tag("origin", url).gauge().value();
    }

    List<Meter> metersOfPools() {
        return registry.getMeters().stream()
                .filter(meter -> meter.getId().getTag("pool") != null)
                .toList();
    }

    double tries(String url, String outcome) {
        return registry.find("verge.origin.tries").tag("origin", url).tag("outcome", outcome).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
