package dev.verge.balancer.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.verge.balancer.options.BalancingMethod;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for every method, whatever the pool looks like. The seed is a parameter, so a failure names it. */
class BalancerPropertyTest {

    static Stream<Arguments> methodsAndSeeds() {
        return Stream.of(BalancingMethod.values())
                .flatMap(method -> IntStream.range(0, 40).mapToObj(seed -> Arguments.of(method, seed)));
    }

    @ParameterizedTest
    @MethodSource("methodsAndSeeds")
    void picksFromTheFirstTierWithAMemberLeftAndNeverAnExcludedOne(BalancingMethod method, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int size = 1 + random.nextInt(12);
        FixedLoads loads = new FixedLoads(size);
        List<List<Member>> groups = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        BitSet excluded = new BitSet();
        for (int i = 0; i < size; i++) {
            loads.inFlight[i] = random.nextInt(50);
            loads.latencyNanos[i] = random.nextInt(3) * 1e6;
            groups.get(random.nextInt(3)).add(new Member(i, "origin-" + i, 1 + random.nextInt(9)));
            excluded.set(i, random.nextInt(3) == 0);
        }
        List<Integer> allowed = groups.stream()
                .map(group -> group.stream()
                        .map(Member::index)
                        .filter(i -> !excluded.get(i))
                        .toList())
                .filter(left -> !left.isEmpty())
                .findFirst()
                .orElse(List.of());
        Snapshot snapshot = Snapshot.of(groups);
        Balancer balancer = new Balancer(method);
        for (int i = 0; i < 50; i++) {
            int preferred = random.nextInt(size + 1) - 1;
            OptionalInt chosen = balancer.choose(snapshot, traits(random), loads, preferred, excluded::get, random);
            if (allowed.isEmpty()) {
                assertThat(chosen).isEmpty();
            } else {
                assertThat(allowed).contains(chosen.orElseThrow());
                if (allowed.contains(preferred)) {
                    assertThat(chosen).hasValue(preferred);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(BalancingMethod.class)
    void idleOriginsShareByWeight(BalancingMethod method) {
        int[] weights = {1, 2, 3, 4};
        FixedLoads loads = new FixedLoads(weights.length);
        for (int i = 0; i < weights.length; i++) {
            loads.latencyNanos[i] = 0;
        }
        int rounds = 40_000;
        int[] counts = new int[weights.length];
        SplittableRandom random = new SplittableRandom(7);
        Balancer balancer = new Balancer(method);
        Snapshot snapshot = Snapshot.of(List.of(members(weights)));
        for (int i = 0; i < rounds; i++) {
            Traits traits = new Traits("10.0." + (i >> 8) + "." + (i & 255), "/item/" + i, i);
            counts[
                    balancer.choose(snapshot, traits, loads, -1, _ -> false, random)
                            .orElseThrow()]++;
        }
        double tolerance = method == BalancingMethod.ROUND_ROBIN ? 1e-9 : 0.015;
        for (int i = 0; i < weights.length; i++) {
            assertThat(counts[i] / (double) rounds)
                    .as("share of weight %d", weights[i])
                    .isCloseTo(weights[i] / 10.0, within(tolerance));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = BalancingMethod.class,
            names = {"LEAST_REQUESTS", "RANDOM_TWO", "PEAK_EWMA"})
    void requestsInFlightSettleByWeight(BalancingMethod method) {
        int[] weights = {1, 3};
        FixedLoads loads = new FixedLoads(2);
        loads.latencyNanos[0] = 1e6;
        loads.latencyNanos[1] = 1e6;
        Balancer balancer = new Balancer(method);
        Snapshot snapshot = Snapshot.of(List.of(members(weights)));
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 400; i++) {
            loads.inFlight[
                    balancer.choose(snapshot, traits(random), loads, -1, _ -> false, random)
                            .orElseThrow()]++;
        }
        assertThat(loads.inFlight[0]).isBetween(98, 102);
    }

    @ParameterizedTest
    @EnumSource(
            value = BalancingMethod.class,
            names = {"IP_HASH", "CONSISTENT_HASH"})
    void removingOneOriginMovesOnlyItsKeys(BalancingMethod method) {
        int[] weights = {2, 1, 1, 3, 1};
        FixedLoads loads = new FixedLoads(weights.length);
        Balancer balancer = new Balancer(method);
        List<Member> all = members(weights);
        Snapshot before = Snapshot.of(List.of(all));
        SplittableRandom random = new SplittableRandom(3);
        for (int removed = 0; removed < weights.length; removed++) {
            List<Member> rest = new ArrayList<>(all);
            rest.remove(removed);
            Snapshot after = Snapshot.of(List.of(rest));
            int moved = 0;
            for (int key = 0; key < 4_000; key++) {
                Traits traits = new Traits("2001:db8::" + Integer.toHexString(key), "/item/" + key, 0);
                int was = balancer.choose(before, traits, loads, -1, _ -> false, random)
                        .orElseThrow();
                int is = balancer.choose(after, traits, loads, -1, _ -> false, random)
                        .orElseThrow();
                if (was == removed) {
                    moved++;
                } else {
                    assertThat(is).isEqualTo(was);
                }
            }
            assertThat(moved / 4000.0).isCloseTo(weights[removed] / 8.0, within(0.04));
        }
    }

    @Test
    void raisingAWeightMovesKeysOnlyToThatOrigin() {
        Balancer balancer = new Balancer(BalancingMethod.CONSISTENT_HASH);
        Snapshot before = Snapshot.of(List.of(members(1, 1, 1)));
        Snapshot after = Snapshot.of(List.of(members(1, 2, 1)));
        FixedLoads loads = new FixedLoads(3);
        SplittableRandom random = new SplittableRandom(1);
        for (int key = 0; key < 4_000; key++) {
            Traits traits = new Traits("", "key" + key, 0);
            int was = balancer.choose(before, traits, loads, -1, _ -> false, random)
                    .orElseThrow();
            int is = balancer.choose(after, traits, loads, -1, _ -> false, random)
                    .orElseThrow();
            assertThat(is).isIn(was, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void consistentHashKeepsEveryLoadWithinItsBound(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] weights = random.ints(2 + random.nextInt(8), 1, 5).toArray();
        double sum = IntStream.of(weights).sum();
        FixedLoads loads = new FixedLoads(weights.length);
        Balancer balancer = new Balancer(BalancingMethod.CONSISTENT_HASH);
        Snapshot snapshot = Snapshot.of(List.of(members(weights)));
        // One hot key in two: without the bound, half of everything would go to one origin.
        for (int total = 1; total <= 500; total++) {
            String key = random.nextBoolean() ? "hot" : "cold" + random.nextInt(100);
            int chosen = balancer.choose(snapshot, new Traits("", key, 0), loads, -1, _ -> false, random)
                    .orElseThrow();
            loads.inFlight[chosen]++;
            assertThat(loads.inFlight[chosen])
                    .isLessThanOrEqualTo((int) Math.ceil(1.25 * total * weights[chosen] / sum));
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 20);
    }

    @Test
    void hashedChoiceIsTheSameInEveryProcess() {
        Balancer balancer = new Balancer(BalancingMethod.CONSISTENT_HASH);
        Snapshot snapshot = Snapshot.of(List.of(members(1, 1, 1, 1)));
        List<Integer> chosen = IntStream.range(0, 12)
                .mapToObj(i -> balancer.choose(
                                snapshot,
                                new Traits("", "/page/" + i, 0),
                                new FixedLoads(4),
                                -1,
                                _ -> false,
                                new SplittableRandom(i))
                        .orElseThrow())
                .toList();
        assertThat(chosen).containsExactly(PINNED);
    }

    /** Changing these moves every key of every installation: do it knowingly. */
    private static final Integer[] PINNED = {3, 2, 3, 2, 2, 3, 3, 1, 0, 2, 3, 3};

    @Test
    void peakEwmaPrefersTheQuickOriginAndMeasuresAnUnknownOne() {
        Balancer balancer = new Balancer(BalancingMethod.PEAK_EWMA);
        Snapshot snapshot = Snapshot.of(List.of(members(1, 1)));
        SplittableRandom random = new SplittableRandom(5);
        FixedLoads loads = new FixedLoads(2);
        loads.latencyNanos[0] = 50e6;
        loads.latencyNanos[1] = 5e6;
        loads.inFlight[1] = 8;
        assertThat(balancer.choose(snapshot, traits(random), loads, -1, _ -> false, random))
                .hasValue(1);
        loads.inFlight[1] = 10;
        assertThat(balancer.choose(snapshot, traits(random), loads, -1, _ -> false, random))
                .hasValue(0);
        loads.latencyNanos[1] = 0;
        loads.inFlight[1] = 0;
        assertThat(balancer.choose(snapshot, traits(random), loads, -1, _ -> false, random))
                .hasValue(1);
        loads.inFlight[1] = 1;
        assertThat(balancer.choose(snapshot, traits(random), loads, -1, _ -> false, random))
                .hasValue(0);
    }

    @Test
    void roundRobinSpreadsHeavyOriginsEvenly() {
        Balancer balancer = new Balancer(BalancingMethod.ROUND_ROBIN);
        Snapshot snapshot = Snapshot.of(List.of(members(5, 1, 1)));
        List<Integer> order = IntStream.range(0, 14)
                .mapToObj(i -> balancer.choose(
                                snapshot,
                                new Traits("", "", i),
                                new FixedLoads(3),
                                -1,
                                _ -> false,
                                new SplittableRandom())
                        .orElseThrow())
                .toList();
        assertThat(order).containsExactly(0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0);
    }

    @Test
    void roundRobinCycleStaysBoundedForOddWeights() {
        int[] weights = IntStream.range(0, 256).map(i -> 1000 - (i % 3)).toArray();
        RoundRobinCycle cycle = new RoundRobinCycle(members(weights));
        BitSet seen = new BitSet();
        for (int i = 0; i < 4500; i++) {
            seen.set(cycle.at(i));
        }
        assertThat(seen.cardinality()).isEqualTo(256);
        assertThat(new RoundRobinCycle(List.of(new Member(0, "a", 0.05), new Member(1, "b", 1))).at(-1))
                .isBetween(0, 1);
    }

    private static Traits traits(SplittableRandom random) {
        return new Traits("10.0.0." + random.nextInt(256), "/" + random.nextInt(1000), random.nextLong());
    }

    private static List<Member> members(int... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> new Member(i, "origin-" + i, weights[i]))
                .toList();
    }
}
