package dev.verge.balancer.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.balancer.options.Hedge;
import dev.verge.balancer.options.Retries;
import dev.verge.balancer.options.SamplePools;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HedgeDecisionTest {
    private static final Duration AFTER = Duration.ofMillis(200);
    private static final Duration LEFT = Duration.ofSeconds(60);
    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    private static Retries hedged(@Nullable Duration after, @Nullable Integer percentile, int max) {
        return SamplePools.retries(2, new Hedge(after, percentile, max));
    }

    private static Optional<Duration> wait(Retries options, HedgeDecision.Facts facts) {
        return HedgeDecision.wait(facts, options);
    }

    private static HedgeDecision.Facts get(int hedges, int untried, OptionalLong typical) {
        return new HedgeDecision.Facts("GET", true, hedges, untried, LEFT, typical);
    }

    @Test
    void isOffUnlessItIsAskedFor() {
        assertThat(wait(SamplePools.retries(2), get(0, 5, UNKNOWN))).isEmpty();
        assertThat(wait(hedged(AFTER, null, 1), get(0, 1, UNKNOWN))).contains(AFTER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "PROPFIND"})
    void onlySafeMethodsAreSentTwiceAtOnce(String method) {
        assertThat(wait(hedged(AFTER, null, 1), new HedgeDecision.Facts(method, true, 0, 1, LEFT, UNKNOWN)))
                .isEmpty();
    }

    @Test
    void contentAndOtherProtocolsAreNotSentTwice() {
        assertThat(wait(hedged(AFTER, null, 1), new HedgeDecision.Facts("GET", false, 0, 1, LEFT, UNKNOWN)))
                .isEmpty();
    }

    @Test
    void thereIsAnEndToIt() {
        assertThat(wait(hedged(AFTER, null, 2), get(1, 1, UNKNOWN))).contains(AFTER);
        assertThat(wait(hedged(AFTER, null, 2), get(2, 1, UNKNOWN))).isEmpty();
        assertThat(wait(hedged(AFTER, null, 2), get(0, 0, UNKNOWN))).isEmpty();
        assertThat(wait(hedged(AFTER, null, 1), new HedgeDecision.Facts("GET", true, 0, 1, AFTER, UNKNOWN)))
                .isEmpty();
    }

    @Test
    void aPercentileCountsOnceItIsKnown() {
        OptionalLong typical = OptionalLong.of(30_000_000);
        assertThat(wait(hedged(AFTER, 95, 1), get(0, 1, UNKNOWN))).contains(AFTER);
        assertThat(wait(hedged(AFTER, 95, 1), get(0, 1, typical))).contains(Duration.ofMillis(30));
        assertThat(wait(hedged(null, 95, 1), get(0, 1, UNKNOWN))).isEmpty();
    }

    @Test
    void whenMustBeSaid() {
        assertThatThrownBy(() -> new Hedge(null, null, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("after: 200ms or percentile: 95");
    }
}
