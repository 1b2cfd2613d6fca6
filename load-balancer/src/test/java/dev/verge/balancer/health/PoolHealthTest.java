package dev.verge.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.options.HealthCheck;
import dev.verge.balancer.options.Outlier;
import dev.verge.balancer.options.SamplePools;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules about more than one origin: the largest share that may be ejected, and the last usable origin. */
class PoolHealthTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final HealthCheck CHECK = SamplePools.check("/", Duration.ofSeconds(2), Duration.ofSeconds(1));
    private static final HealthRules RULES = new HealthRules(CHECK, SamplePools.OUTLIER);
    private static final HealthEvent ERROR = new HealthEvent.Answered(503);
    private static final HealthEvent TIMEOUT = new HealthEvent.Failed(false);
    private static final HealthEvent REFUSED = new HealthEvent.Failed(true);

    @Test
    void atMostTheGivenShareIsEjectedForAnswersAndTimeouts() {
        PoolHealth pool = pool(5);
        for (int origin = 0; origin < 5; origin++) {
            pool = repeat(pool, origin, origin % 2 == 0 ? ERROR : TIMEOUT, 6);
        }
        assertThat(ejected(pool, NOW)).isEqualTo(2);
    }

    @Test
    void refusedConnectionsEjectBeyondTheShareButNeverTheLast() {
        PoolHealth pool = pool(5);
        for (int origin = 0; origin < 5; origin++) {
            pool = repeat(pool, origin, REFUSED, 6);
        }
        assertThat(ejected(pool, NOW)).isEqualTo(4);
        assertThat(pool.origins().get(4).usable(NOW)).isTrue();
    }

    @Test
    void theOnlyOriginOfAPoolIsNeverEjected() {
        assertThat(ejected(repeat(pool(1), 0, REFUSED, 50), NOW)).isZero();
    }

    @Test
    void anOriginThatIsDownDoesNotCountAsUsable() {
        PoolHealth pool = repeat(pool(2), 0, new HealthEvent.ProbeBad(), 3);
        assertThat(ejected(repeat(pool, 1, REFUSED, 50), NOW)).isZero();
    }

    @Test
    void nextReturnIsTheEndOfTheEarliestEjection() {
        PoolHealth pool = repeat(pool(4), 0, REFUSED, 5);
        for (int i = 0; i < 5; i++) {
            pool = pool.next(1, REFUSED, RULES, NOW.plusSeconds(3));
        }
        assertThat(pool.nextReturn(NOW.plusSeconds(4))).contains(NOW.plusSeconds(30));
        assertThat(pool.nextReturn(NOW.plusSeconds(31))).contains(NOW.plusSeconds(33));
        assertThat(pool.nextReturn(NOW.plusSeconds(33))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverHappensEjectionLeavesAnOriginThatIsNotDown(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int size = 1 + random.nextInt(6);
        int percent = random.nextInt(101);
        Outlier outlier = new Outlier(
                1 + random.nextInt(5),
                1 + random.nextInt(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                percent,
                0,
                0,
                50);
        HealthRules rules = new HealthRules(random.nextBoolean() ? CHECK : null, outlier);
        PoolHealth pool = pool(size);
        Instant now = NOW;
        boolean refusedSeen = false;
        for (int step = 0; step < 2_000; step++) {
            now = now.plusMillis(random.nextInt(500));
            HealthEvent event = switch (random.nextInt(12)) {
                case 0 -> new HealthEvent.ProbeGood();
                case 1 -> new HealthEvent.ProbeBad();
                case 2, 3, 4 -> REFUSED;
                case 5, 6, 7 -> TIMEOUT;
                case 8, 9 -> ERROR;
                case 10 -> new HealthEvent.Answered(500);
                default -> new HealthEvent.Answered(200);
            };
            refusedSeen |= event.equals(REFUSED);
            int index = random.nextInt(size);
            PoolHealth before = pool;
            pool = pool.next(index, event, rules, now);
            boolean nowEjected = pool.origins().get(index).ejected(now)
                    && !before.origins().get(index).ejected(now);
            if (nowEjected) {
                assertThat(usable(pool, now))
                        .as("step %d: usable after an ejection", step)
                        .isPositive();
            }
            if (nowEjected && !event.equals(REFUSED)) {
                assertThat(ejected(pool, now) * 100).isLessThanOrEqualTo((long) percent * size);
            }
        }
        assertThat(refusedSeen).isTrue();
    }

    static IntStream seeds() {
        return IntStream.range(0, 60);
    }

    private static PoolHealth pool(int size) {
        return new PoolHealth(Collections.nCopies(size, HealthState.INITIAL));
    }

    private static PoolHealth repeat(PoolHealth pool, int index, HealthEvent event, int times) {
        PoolHealth result = pool;
        for (int i = 0; i < times; i++) {
            result = result.next(index, event, RULES, NOW);
        }
        return result;
    }

    private static long ejected(PoolHealth pool, Instant now) {
        return pool.origins().stream().filter(o -> o.ejected(now)).count();
    }

    private static long usable(PoolHealth pool, Instant now) {
        return pool.origins().stream().filter(o -> o.usable(now)).count();
    }
}
