package dev.verge.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.health.Outliers.Sample;
import dev.verge.balancer.options.Outlier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutliersTest {
    private static final Sample WELL = sample(100, 100, 10);

    @Test
    void nothingIsLookedForUnlessConfigured() {
        assertThat(Outliers.wanted(options(0, 0))).isFalse();
        assertThat(find(options(0, 0), WELL, sample(100, 0, 9_000))).isEmpty();
        assertThat(Outliers.wanted(options(90, 0))).isTrue();
        assertThat(Outliers.wanted(options(0, 3))).isTrue();
    }

    @Test
    void whoAnswersTooFewWellStandsOut() {
        assertThat(find(options(90, 0), WELL, sample(100, 90, 10), sample(100, 89, 10)))
                .containsExactly(2);
    }

    @Test
    void whoIsMuchSlowerThanTheMedianOfTheOthersStandsOut() {
        assertThat(find(options(0, 3), WELL, sample(100, 100, 30), sample(100, 100, 31)))
                .containsExactly(2);
        assertThat(find(options(0, 3), WELL, sample(100, 100, 500), sample(100, 100, 11), sample(100, 100, 12)))
                .containsExactly(1);
        assertThat(find(options(0, 3), sample(100, 100, 9_000))).isEmpty();
    }

    @Test
    void whoHadTooLittleToDoIsNotJudgedAndNoMeasure() {
        assertThat(find(options(90, 3), WELL, sample(49, 0, 9_000))).isEmpty();
        assertThat(find(options(0, 3), sample(100, 100, 9_000), sample(49, 49, 1)))
                .isEmpty();
    }

    @Test
    void standingOutEjectsWithTheBackOffUnlessThePoolCannotSpareTheOrigin() {
        Instant now = Instant.EPOCH;
        HealthRules rules = new HealthRules(null, options(90, 0));
        PoolHealth two = new PoolHealth(List.of(HealthState.INITIAL, HealthState.INITIAL));
        PoolHealth one = two.next(0, new HealthEvent.StoodOut(), rules, now);
        assertThat(one.origins().get(0).ejectedUntil()).isEqualTo(now.plusSeconds(30));
        assertThat(one.next(1, new HealthEvent.StoodOut(), rules, now)).isSameAs(one);
        Instant back = now.plusSeconds(31);
        PoolHealth again = one.next(0, new HealthEvent.StoodOut(), rules, back);
        assertThat(again.origins().get(0).ejectedUntil()).isEqualTo(back.plusSeconds(60));
    }

    private static List<Integer> find(Outlier options, Sample... samples) {
        return Outliers.find(List.of(samples), options).stream().boxed().toList();
    }

    private static Sample sample(long tries, long good, long millis) {
        return new Sample(tries, good, tries, tries * millis * 1_000_000);
    }

    private static Outlier options(int minSuccessPercent, int maxLatencyFactor) {
        return new Outlier(
                5,
                5,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(300),
                50,
                minSuccessPercent,
                maxLatencyFactor,
                50);
    }
}
