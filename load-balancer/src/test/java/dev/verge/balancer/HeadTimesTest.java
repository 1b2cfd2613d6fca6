package dev.verge.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTimesTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;

    @ParameterizedTest
    @ValueSource(ints = {50, 90, 95, 99})
    void aPercentileIsNoShorterThanItIsAndAtMostAFifthLonger(int percent) {
        Random random = new Random(percent);
        HeadTimes times = new HeadTimes();
        long[] all = new long[1_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = (long) (MILLI * Math.exp(random.nextGaussian() + 3));
            times.add(all[i], SECOND);
        }
        Arrays.sort(all);
        long exact = all[Math.ceilDiv(all.length * percent, 100) - 1];
        assertThat(times.percentile(percent, SECOND).orElseThrow()).isBetween(exact, (long) (exact * 1.21));
    }

    @Test
    void fewAnswersSayNothing() {
        HeadTimes times = new HeadTimes();
        for (int i = 0; i < 49; i++) {
            times.add(MILLI, SECOND);
        }
        assertThat(times.percentile(95, SECOND)).isEmpty();
        times.add(MILLI, SECOND);
        assertThat(times.percentile(95, SECOND)).isPresent();
    }

    @Test
    void whatWasLongAgoIsForgotten() {
        HeadTimes times = new HeadTimes();
        for (int i = 0; i < 100; i++) {
            times.add(500 * MILLI, SECOND);
        }
        assertThat(times.percentile(95, 12 * SECOND)).isPresent();
        assertThat(times.percentile(95, 40 * SECOND)).isEmpty();
    }

    @Test
    void anythingHasABucket() {
        HeadTimes times = new HeadTimes();
        for (int i = 0; i < 50; i++) {
            times.add(i % 2 == 0 ? 0 : Long.MAX_VALUE, SECOND);
        }
        assertThat(times.percentile(50, SECOND)).isPresent();
    }
}
