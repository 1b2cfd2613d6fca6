package dev.verge.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.options.Affinity;
import dev.verge.balancer.options.BalancingMethod;
import dev.verge.balancer.options.OriginRole;
import dev.verge.balancer.options.SamplePools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for a whole pool by every method, whatever its origins do. The seed is a parameter, so a failure names it. */
class PoolPropertyTest extends PoolsByHand {
    private static final String BACKUP = "http://10.0.0.9:80";

    static Stream<Arguments> methodsAndSeeds() {
        return Stream.of(BalancingMethod.values())
                .flatMap(method -> IntStream.range(0, 8).mapToObj(seed -> Arguments.of(method, seed)));
    }

    private static SamplePools sample(BalancingMethod method, String... primaries) {
        SamplePools sample = new SamplePools().method(method).slowStart(Duration.ofSeconds(5));
        for (String primary : primaries) {
            sample.primary(primary);
        }
        return sample.origin(SamplePools.origin(BACKUP, 1, OriginRole.BACKUP));
    }

    @ParameterizedTest
    @MethodSource("methodsAndSeeds")
    void nobodyRestingIsPickedWhileAnotherIsFitAndNoBackupBesideAFitPrimary(BalancingMethod method, int seed) {
        SplittableRandom events = new SplittableRandom(seed);
        UpstreamPool pool = pool(sample(method, A, B, C));
        List<Lease> open = new ArrayList<>();
        for (int step = 0; step < 600; step++) {
            List<PoolStatus.OriginStatus> before = pool.status().origins();
            Lease lease = choose(pool, client(step)).lease();
            PoolStatus.OriginStatus chosen = before.stream()
                    .filter(origin -> origin.id().equals(lease.endpoint().id()))
                    .findFirst()
                    .orElseThrow();
            boolean anyFit = before.stream().anyMatch(PoolStatus.OriginStatus::usable);
            boolean anyFitPrimary =
                    before.stream().anyMatch(origin -> origin.usable() && origin.role() == OriginRole.PRIMARY);
            assertThat(chosen.usable())
                    .as("step %d: %s of %s", step, chosen, before)
                    .isEqualTo(anyFit);
            assertThat(chosen.role() == OriginRole.BACKUP && anyFitPrimary)
                    .as("step %d: %s of %s", step, chosen, before)
                    .isFalse();
            assertThat(anyFit).as("an ejection never empties the pool").isTrue();
            open.add(lease);
            while (open.size() > events.nextInt(12)) {
                end(open.remove(events.nextInt(open.size())), events);
            }
            clock.advance(Duration.ofMillis(events.nextInt(900)));
        }
        open.forEach(Lease::close);
        assertThat(pool.status().requests()).isZero();
        assertThat(pool.status().pending()).isZero();
    }

    private static void end(Lease lease, SplittableRandom events) {
        lease.connected();
        switch (events.nextInt(5)) {
            case 0 -> lease.responded(200);
            case 1 -> lease.responded(500);
            case 2 -> lease.failed(TryFailure.RESET);
            case 3 -> lease.failed(TryFailure.TIMEOUT);
            default -> lease.responded(503);
        }
        lease.close();
    }

    @ParameterizedTest
    @EnumSource(BalancingMethod.class)
    void aDrainedOriginGetsNothingNewAndFinishesWhatItHas(BalancingMethod method) {
        UpstreamPool old = pool(sample(method, A, B, C));
        Lease inFlight = pickOfAnyClient(old, C);
        UpstreamPool fresh = pool(sample(method, A, B));

        assertThat(IntStream.range(0, 300)
                        .mapToObj(i -> choose(fresh, client(i)).lease()))
                .allSatisfy(lease -> {
                    assertThat(lease.endpoint().origin().url()).isIn(A, B);
                    lease.close();
                });
        assertThat(fresh.status().requests())
                .as("what began before still counts")
                .isEqualTo(1);
        inFlight.responded(200);
        inFlight.close();
        assertThat(fresh.status().requests()).isZero();
    }

    @ParameterizedTest
    @EnumSource(BalancingMethod.class)
    void affinityHoldsWithEveryMethodUntilItsOriginIsGone(BalancingMethod method) {
        Affinity affinity = new Affinity("stay", Duration.ofHours(1));
        UpstreamPool pool = pool(sample(method, A, B, C).affinity(affinity));
        Choice.Picked first = choose(pool, client(1));
        String home = first.lease().endpoint().origin().url();
        first.lease().close();
        Client back = Client.withCookie("stay", first.lease().endpoint().id());
        for (int i = 0; i < 50; i++) {
            Choice.Picked again = choose(pool, back);
            assertThat(again.lease().endpoint().origin().url()).isEqualTo(home);
            assertThat(again.setCookie()).isNull();
            again.lease().close();
        }
        List<String> left = new ArrayList<>(List.of(A, B, C));
        left.remove(home);
        UpstreamPool without = pool(sample(method, left.get(0), left.get(1)).affinity(affinity));
        Choice.Picked moved = choose(without, back);
        assertThat(moved.lease().endpoint().origin().url()).isIn(left);
        assertThat(moved.setCookie())
                .startsWith("stay=" + moved.lease().endpoint().id());
        moved.lease().close();
    }

    private static Client client(int number) {
        return new Client("/item/" + number, "10.1." + number / 250 + "." + number % 250, Map.of(), Map.of());
    }

    /** Methods that hash send one client to one origin: others are asked until one is sent there. */
    private static Lease pickOfAnyClient(UpstreamPool pool, String url) {
        for (int i = 0; i < 1_000; i++) {
            Lease lease = choose(pool, client(i)).lease();
            if (lease.endpoint().origin().url().equals(url)) {
                return lease;
            }
            lease.close();
        }
        throw new AssertionError(url + " is never picked");
    }
}
