package dev.verge.load.jmh.decisions;

import dev.verge.balancer.choice.Balancer;
import dev.verge.balancer.choice.Loads;
import dev.verge.balancer.choice.Member;
import dev.verge.balancer.choice.Snapshot;
import dev.verge.balancer.choice.Traits;
import dev.verge.balancer.options.BalancingMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Choosing an origin by each method, and another one after a first try failed, beside a number drawn at random. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BalancerBenchmark {
    /** Requests in flight at an origin, below. */
    private static final int IN_FLIGHT = 10;

    /** A pool of healthy origins of equal weight, under a load that stays. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls prepare() first
    public static class Pool {
        @Param({"3", "100"})
        int endpoints = 3;

        private Snapshot snapshot;
        private Loads loads;
        private final SplittableRandom random = new SplittableRandom(1);
        private long ticket;

        @Setup
        public void prepare() {
            List<Member> members = new ArrayList<>();
            int[] inFlight = new int[endpoints];
            double[] latency = new double[endpoints];
            for (int i = 0; i < endpoints; i++) {
                members.add(new Member(i, "10.0.%d.%d:8080".formatted(i / 10, i % 10), 1));
                inFlight[i] = random.nextInt(IN_FLIGHT);
                latency[i] = random.nextDouble() * 1e7;
            }
            snapshot = Snapshot.of(List.of(members));
            loads = new Loads() {
                @Override
                public int inFlight(int index) {
                    return inFlight[index];
                }

                @Override
                public double latencyNanos(int index) {
                    return latency[index];
                }
            };
        }

        private int choose(Method method, int triedAlready) {
            Traits traits = new Traits("203.0.113.7", "/products/4711/page.html", ticket++);
            return method.balancer
                    .choose(snapshot, traits, loads, -1, index -> index == triedAlready, random)
                    .orElseThrow();
        }
    }

    /** How it is chosen. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls prepare() first
    public static class Method {
        @Param
        BalancingMethod method = BalancingMethod.RANDOM_TWO;

        private Balancer balancer;

        @Setup
        public void prepare() {
            balancer = new Balancer(method);
        }
    }

    @Benchmark
    public int choose(Pool pool, Method method) {
        return pool.choose(method, -1);
    }

    @Benchmark
    public int chooseAnother(Pool pool, Method method) {
        return pool.choose(method, 1);
    }

    @Benchmark
    public int peerThreadLocalRandom(Pool pool) {
        return ThreadLocalRandom.current().nextInt(pool.endpoints);
    }
}
