package dev.verge.balancer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.options.BalancingMethod;
import dev.verge.balancer.options.SamplePools;
import io.micrometer.core.instrument.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many pools are kept that nobody uses, which of them, and what is left of the others. */
class KeptPoolsTest extends PoolsByHand {
    /** An eighth comes together before anybody looks, and unused connections are closed one look earlier. */
    private static final int MOST = IDLE_POOLS + IDLE_POOLS / 4 + 2;

    private LatePool site(String site, SamplePools sample) {
        return requireNonNull(
                pools.update("default/" + site, Map.of("app", sample.build())).get("app"));
    }

    private LatePool plain(String site) {
        return site(site, new SamplePools().primary(A).primary(B));
    }

    private void use(LatePool pool) {
        try (UpstreamCall call = pool.open()) {
            Lease lease = ((Choice.Picked) call.next(Client.PLAIN)).lease();
            lease.responded(200);
            lease.close();
        }
        clock.advance(Duration.ofMillis(1));
    }

    /** As many requests to other sites as it takes for everything unused to be given up. */
    private void useOthers() {
        IntStream.range(0, 4 * IDLE_POOLS).forEach(i -> use(plain("other" + i)));
    }

    private boolean isKept(LatePool pool) {
        return pool.made() != null;
    }

    private double value(String meter) {
        return registry.get(meter).meters().stream()
                .mapToDouble(found -> found.measure().iterator().next().getValue())
                .sum();
    }

    @Test
    void thoseUnusedForLongestAreGivenUp() {
        List<LatePool> all = new ArrayList<>();
        LatePool often = plain("often");
        for (int i = 0; i < 10 * IDLE_POOLS; i++) {
            LatePool next = plain("site" + i);
            all.add(next);
            use(next);
            use(often);
        }
        List<LatePool> kept = all.stream().filter(this::isKept).toList();
        assertThat(kept)
                .hasSizeBetween(IDLE_POOLS - 1, MOST)
                .isEqualTo(all.subList(all.size() - kept.size(), all.size()));
        assertThat(isKept(often)).isTrue();
        assertThat(value("verge.pools")).isEqualTo(kept.size() + 1);
        assertThat(value("verge.pools.given.up")).isEqualTo(all.size() - kept.size());
        assertThat(metersOfPools().stream()
                        .map(Meter::getId)
                        .map(id -> id.getTag("site"))
                        .distinct())
                .hasSize(kept.size() + 1);
        use(all.getFirst());
        assertThat(isKept(all.getFirst())).isTrue();
    }

    @Test
    void whatIsInUseStays() {
        LatePool asked = plain("asked");
        UpstreamCall call = asked.open();
        useOthers();
        assertThat(isKept(asked)).isTrue();
        Lease lease = ((Choice.Picked) call.next(Client.PLAIN)).lease();
        call.close();
        useOthers();
        assertThat(isKept(asked)).isTrue();
        lease.close();
        useOthers();
        assertThat(isKept(asked)).isFalse();
    }

    @Test
    void probedPoolsStayAndTakeNobodysPlace() {
        LatePool probed = site(
                "probed",
                new SamplePools()
                        .primary(A)
                        .healthCheck(SamplePools.check("/", Duration.ofHours(1), Duration.ofSeconds(1))));
        useOthers();
        assertThat(isKept(probed)).isTrue();
        assertThat(value("verge.pools")).isLessThanOrEqualTo(MOST);
    }

    @Test
    void unusedConnectionsGoFirst() {
        LatePool pool = plain("connected");
        use(pool);
        ConnectionSlots slots = requireNonNull(pool.made()).counters().connections();
        assertThat(slots.tryAcquire()).isTrue();
        List<Integer> asked = new ArrayList<>();
        slots.join(asked::add);
        useOthers();
        assertThat(isKept(pool)).isTrue();
        assertThat(asked).isNotEmpty().containsOnly(Integer.MAX_VALUE);
        slots.release();
        useOthers();
        assertThat(isKept(pool)).isFalse();
    }

    @Test
    void anOriginThatRestsIsNotTriedByThePoolThatIsMadeAnew() {
        LatePool pool = plain("ill");
        fail(pool.get(), A, TryFailure.REFUSED, 5);
        List<PoolStatus> troubled = pools.troubled();
        useOthers();
        assertThat(isKept(pool)).isFalse();
        assertThat(pools.troubled()).isEqualTo(troubled).hasSize(1);
        assertThat(urls(pool.get(), 50)).containsExactly(B);
        useOthers();
        LatePool changed = site("ill", new SamplePools().primary(A).primary(B).primary(C));
        assertThat(isKept(changed)).isFalse();
        assertThat(urls(changed.get(), 50)).containsExactlyInAnyOrder(B, C);
    }

    @Test
    void aRequestThatStillHoldsTheFormerVersionOfAPoolIsServed() {
        LatePool former = plain("shop");
        use(former);
        LatePool current = site("shop", new SamplePools().primary(A).primary(B).primary(C));
        useOthers();
        assertThat(isKept(current)).isFalse();
        use(former);
        assertThat(metersOfPools())
                .noneMatch(meter -> "default/shop".equals(meter.getId().getTag("site")));
    }

    @Test
    void turnsGoOnInThePoolThatIsMadeAnew() {
        LatePool pool = site(
                "turns",
                new SamplePools().method(BalancingMethod.ROUND_ROBIN).primary(A).primary(B));
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            asked.add(succeed(pool.get()));
            useOthers();
            assertThat(isKept(pool)).isFalse();
        }
        assertThat(asked).containsExactly(A, B, A, B);
    }

    @Test
    void whatEndsIsNoLongerKept() {
        use(plain("gone"));
        assertThat(value("verge.pools")).isEqualTo(1);
        pools.remove("default/gone");
        assertThat(value("verge.pools")).isZero();
        assertThat(value("verge.pools.given.up")).isZero();
    }
}
