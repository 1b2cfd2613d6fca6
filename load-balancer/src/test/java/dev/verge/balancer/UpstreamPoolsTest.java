package dev.verge.balancer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.health.ClientKeys;
import dev.verge.balancer.options.BalancingMethod;
import dev.verge.balancer.options.Limits;
import dev.verge.balancer.options.OriginRole;
import dev.verge.balancer.options.PoolOptions;
import dev.verge.balancer.options.SamplePools;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What survives an update, what an end leaves behind, and many threads at once. */
class UpstreamPoolsTest extends PoolsByHand {
    @Test
    void equalOptionsKeepTheVeryPool() {
        UpstreamPool pool = pool(new SamplePools().primary(A));
        assertThat(pool(new SamplePools().primary(A))).isSameAs(pool);
    }

    @Test
    void updateKeepsWhatIsKnownOfOriginsThatStay() {
        UpstreamPool before = pool(new SamplePools().primary(A).primary(B));
        fail(before, A, TryFailure.REFUSED, 5);
        Lease underWay = pick(before);
        assertThat(underWay.endpoint().origin().url()).isEqualTo(B);
        UpstreamPool after = pool(new SamplePools()
                .method(BalancingMethod.LEAST_REQUESTS)
                .primary(A)
                .origin(SamplePools.origin(B, 7, OriginRole.PRIMARY))
                .primary(C));
        assertThat(after).isNotSameAs(before);
        assertThat(gauge("verge.origin.ejected", A)).isEqualTo(1);
        assertThat(urls(after, 100)).doesNotContain(A).contains(B, C);
        assertThat(after.status().requests()).isEqualTo(1);
        underWay.close();
        assertThat(after.status().requests()).isZero();
        assertThat(before.endpoints().getFirst()).isEqualTo(after.endpoints().getFirst());
    }

    @Test
    void resultsOfRequestsThatBeganBeforeAnUpdateStillCount() {
        UpstreamPool before = pool(
                new SamplePools().method(BalancingMethod.ROUND_ROBIN).primary(A).primary(B));
        List<Lease> underWay =
                IntStream.range(0, 5).mapToObj(_ -> pickOf(before, A)).toList();
        UpstreamPool after = pool(new SamplePools().primary(B).primary(A).primary(C));
        underWay.forEach(lease -> {
            lease.failed(TryFailure.REFUSED);
            lease.close();
        });
        assertThat(urls(after, 100)).containsExactlyInAnyOrder(B, C);
    }

    @Test
    void removedOriginsAndPoolsLeaveNoMeters() {
        UpstreamPool both = pool(new SamplePools().primary(A).primary(B));
        assertThat(urls(both, 50)).contains(A, B);
        Lease late = pickOf(both, B);
        pool(new SamplePools().primary(A));
        late.failed(TryFailure.REFUSED);
        late.close();
        assertThat(registry.find("verge.origin.active").tag("origin", B).meters())
                .isEmpty();
        assertThat(registry.find("verge.origin.active").tag("origin", A).meters())
                .hasSize(1);
        pools.update("default/shop", Map.of());
        assertThat(metersOfPools()).isEmpty();
        assertThat(pools.status()).isEmpty();
    }

    private LatePool late(SamplePools sample) {
        return requireNonNull(
                pools.update("default/shop", Map.of("app", sample.build())).get("app"));
    }

    @Test
    void aPoolIsMadeWhenItIsFirstAskedFor() {
        LatePool late = late(new SamplePools().primary(A).primary(B));
        assertThat(metersOfPools()).isEmpty();
        assertThat(pools.status())
                .singleElement()
                .satisfies(status -> assertThat(status.origins())
                        .allMatch(PoolStatus.OriginStatus::usable)
                        .extracting(PoolStatus.OriginStatus::url)
                        .containsExactly(A, B));
        List<PoolStatus> before = pools.status();
        UpstreamPool pool = late.get();
        assertThat(late.get()).isSameAs(pool);
        assertThat(pools.status()).isEqualTo(before);
        assertThat(registry.find("verge.origin.usable").gauges()).hasSize(2);
        assertThat(late(new SamplePools().primary(A).primary(B)).get()).isSameAs(pool);
    }

    @Test
    void aProbedPoolIsMadeAtOnce() {
        late(new SamplePools()
                .primary(A)
                .healthCheck(SamplePools.check("/", Duration.ofSeconds(1), Duration.ofSeconds(1))));
        assertThat(registry.find("verge.origin.usable").gauges()).hasSize(1);
    }

    @Test
    void whatEndedBeforeItWasAskedForLeavesNoMeters() {
        LatePool replaced = late(new SamplePools().primary(A));
        LatePool removed = late(new SamplePools().primary(A).primary(B));
        pools.update("default/shop", Map.of());
        for (LatePool ended : List.of(replaced, removed)) {
            Lease lease = pickOf(ended.get(), A);
            lease.responded(200);
            lease.close();
        }
        assertThat(metersOfPools()).isEmpty();
        assertThat(pools.status()).isEmpty();
    }

    @Test
    void onlyPoolsWithAnOriginOutOfUseAreTroubled() {
        UpstreamPool pool = pool(new SamplePools().primary(A).primary(B));
        assertThat(pools.troubled()).isEmpty();
        fail(pool, A, TryFailure.REFUSED, 5);
        assertThat(pools.troubled())
                .singleElement()
                .satisfies(status -> assertThat(status.origins())
                        .filteredOn(origin -> !origin.usable())
                        .extracting(PoolStatus.OriginStatus::url)
                        .containsExactly(A));
    }

    @Test
    void scopesDoNotMix() {
        UpstreamPool shop = pool(new SamplePools().primary(A).primary(B));
        UpstreamPool blog = requireNonNull(pools.update(
                                "default/blog",
                                Map.of("app", new SamplePools().primary(A).build()))
                        .get("app"))
                .get();
        fail(shop, A, TryFailure.REFUSED, 5);
        assertThat(urls(blog, 20)).containsExactly(A);
        assertThat(shop.endpoints().getFirst().id())
                .isNotEqualTo(blog.endpoints().getFirst().id());
        pools.remove("default/blog");
        assertThat(pools.status()).extracting(PoolStatus::scope).containsExactly("default/shop");
    }

    @Test
    void manyThreadsLeaveTheCountersAtZero() throws Exception {
        UpstreamPool pool = requireNonNull(new UpstreamPools(
                                vertx,
                                registry,
                                (_, _, _) -> Future.failedFuture("none"),
                                ClientKeys.NONE,
                                "i",
                                IDLE_POOLS)
                        .update("default/busy", Map.of("app", threeOrigins()))
                        .get("app"))
                .get();
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Void>> work = IntStream.range(0, 4)
                    .<Callable<Void>>mapToObj(seed -> () -> {
                        hammer(pool, new SplittableRandom(seed));
                        return null;
                    })
                    .toList();
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        }
        PoolStatus status = pool.status();
        assertThat(status.requests()).isZero();
        assertThat(status.pending()).isZero();
        assertThat(status.origins()).allMatch(origin -> origin.requests() == 0);
        assertThat(status.origins()).anyMatch(PoolStatus.OriginStatus::usable);
    }

    private static PoolOptions threeOrigins() {
        return new SamplePools()
                .primary(A)
                .primary(B)
                .primary(C)
                .limits(new Limits(8, 3, 5))
                .build();
    }

    private static void hammer(UpstreamPool pool, SplittableRandom random) {
        for (int i = 0; i < 20_000; i++) {
            try (UpstreamCall call = open(pool)) {
                if (call.next(Client.PLAIN) instanceof Choice.Picked(Lease lease, var _)) {
                    switch (random.nextInt(4)) {
                        case 0 -> lease.failed(TryFailure.REFUSED);
                        case 1 -> lease.responded(503);
                        case 2 -> lease.connected();
                        default -> lease.responded(200);
                    }
                    lease.close();
                }
            }
        }
    }
}
