package dev.verge.balancer.health;

import static dev.verge.balancer.health.HealthState.INITIAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.options.Outlier;
import dev.verge.balancer.options.SamplePools;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One test for each transition. Rules: 2 good probes bring back, 3 bad ones take out; 5 failures in a row eject for 30 s. */
class HealthStateTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final HealthRules RULES =
            new HealthRules(SamplePools.check("/", Duration.ofSeconds(2), Duration.ofSeconds(1)), SamplePools.OUTLIER);
    private static final HealthEvent GOOD = new HealthEvent.ProbeGood();
    private static final HealthEvent BAD = new HealthEvent.ProbeBad();
    private static final HealthEvent REFUSED = new HealthEvent.Failed(true);

    /** Letters: g/b probe good/bad; 2, 5, 3 answered 200, 500, 503; x refused, t timed out. */
    @ParameterizedTest(name = "{0} → down {1}, ejected {2}")
    @CsvSource({
        "'', false, false",
        "b, false, false",
        "bb, false, false",
        "bbb, true, false",
        "bbgb, false, false",
        "bbgbbb, true, false",
        "bbbg, true, false",
        "bbbgb, true, false",
        "bbbgbg, true, false",
        "bbbgg, false, false",
        "5555, false, false",
        "55555, false, true",
        "55552, false, false",
        "555525555, false, false",
        "33333, false, true",
        "35353, false, true",
        "xxxx, false, false",
        "xxxxx, false, true",
        "ttttt, false, true",
        "tx3t3, false, true",
        "bbbxxxxx, true, true",
        "xxxxxg, false, true"
    })
    void followsProbesAndAnswers(String events, boolean down, boolean ejected) {
        HealthState state = play(INITIAL, events, RULES);
        assertThat(state.down()).isEqualTo(down);
        assertThat(state.ejected(NOW)).isEqualTo(ejected);
        assertThat(state.usable(NOW)).isEqualTo(!down && !ejected);
    }

    @Test
    void gatewayFailuresAreTheirOwnRow() {
        HealthRules strict = rules(10, 3);
        assertThat(play(INITIAL, "335333", strict).ejected(NOW)).isTrue();
        assertThat(play(INITIAL, "335335335", strict).ejected(NOW)).isFalse();
        assertThat(play(INITIAL, "3353353355", strict).ejected(NOW)).isTrue();
    }

    @Test
    void zeroSwitchesARowOff() {
        HealthRules off = rules(0, 0);
        assertThat(play(INITIAL, "555553333xxxxxxxx", off).ejected(NOW)).isFalse();
    }

    @Test
    void ejectionEndsByItself() {
        HealthState state = play(INITIAL, "xxxxx", RULES);
        assertThat(state.ejectedUntil()).isEqualTo(NOW.plusSeconds(30));
        assertThat(state.ejected(NOW.plusSeconds(30).minusNanos(1))).isTrue();
        assertThat(state.ejected(NOW.plusSeconds(30))).isFalse();
        assertThat(state.usableSince()).isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void repeatedEjectionsLastLongerUpToTheLongest() {
        HealthState state = INITIAL;
        Instant now = NOW;
        for (int seconds : new int[] {30, 60, 120, 240, 300, 300}) {
            state = fail(state, 5, now);
            assertThat(Duration.between(now, state.ejectedUntil())).isEqualTo(Duration.ofSeconds(seconds));
            now = state.ejectedUntil();
        }
    }

    @Test
    void calmTimeTakesTheBackOffAwayStepByStep() {
        HealthState twice = fail(fail(INITIAL, 5, NOW), 5, NOW.plusSeconds(30));
        assertThat(twice.ejections()).isEqualTo(2);
        Instant back = twice.ejectedUntil();
        assertThat(fail(twice, 5, back.plusSeconds(9)).ejections()).isEqualTo(3);
        assertThat(fail(twice, 5, back.plusSeconds(10)).ejections()).isEqualTo(2);
        assertThat(fail(twice, 5, back.plusSeconds(20)).ejections()).isEqualTo(1);
        assertThat(fail(twice, 5, back.plusSeconds(9000)).ejections()).isEqualTo(1);
    }

    @Test
    void anOriginThatCannotBeSparedIsEjectedOnTheNextFailureWhenItCan() {
        HealthState state = INITIAL;
        for (int i = 0; i < 9; i++) {
            state = state.next(REFUSED, RULES, false, NOW);
        }
        assertThat(state.ejected(NOW)).isFalse();
        assertThat(state.next(REFUSED, RULES, true, NOW).ejected(NOW)).isTrue();
    }

    @Test
    void failuresOfTriesThatBeganBeforeTheEjectionDoNotProlongIt() {
        HealthState ejected = play(INITIAL, "xxxxx", RULES);
        assertThat(play(ejected, "xxxxxx5555533333", RULES)).isEqualTo(ejected);
    }

    @Test
    void probesCountOnlyWithActiveChecks() {
        HealthRules passive = new HealthRules(null, SamplePools.OUTLIER);
        assertThat(play(INITIAL, "bbbbbbbb", passive)).isEqualTo(INITIAL);
    }

    @Test
    void switchingChecksOffForgetsWhatTheyFound() {
        HealthState down = play(INITIAL, "bbb", RULES);
        assertThat(down.withoutChecks().down()).isFalse();
    }

    @Test
    void goodEventsInGoodStateChangeNothing() {
        assertThat(INITIAL.next(new HealthEvent.Answered(200), RULES, true, NOW))
                .isSameAs(INITIAL);
        assertThat(INITIAL.next(GOOD, RULES, true, NOW)).isSameAs(INITIAL);
    }

    @Test
    void comingBackIsRememberedForSlowStart() {
        HealthState down = play(INITIAL, "bbb", RULES);
        HealthState up = down.next(GOOD, RULES, true, NOW.plusSeconds(5)).next(GOOD, RULES, true, NOW.plusSeconds(7));
        assertThat(up.usableSince()).isEqualTo(NOW.plusSeconds(7));
    }

    private static HealthState fail(HealthState state, int times, Instant now) {
        HealthState result = state;
        for (int i = 0; i < times; i++) {
            result = result.next(REFUSED, RULES, true, now);
        }
        return result;
    }

    private static HealthState play(HealthState start, String events, HealthRules rules) {
        HealthState state = start;
        for (int i = 0; i < events.length(); i++) {
            state = state.next(
                    switch (events.charAt(i)) {
                        case 'g' -> GOOD;
                        case 'b' -> BAD;
                        case '2' -> new HealthEvent.Answered(200);
                        case '5' -> new HealthEvent.Answered(500);
                        case '3' -> new HealthEvent.Answered(503);
                        case 'x' -> REFUSED;
                        default -> new HealthEvent.Failed(false);
                    },
                    rules,
                    true,
                    NOW);
        }
        return state;
    }

    private static HealthRules rules(int serverErrors, int gatewayFailures) {
        return new HealthRules(
                null,
                new Outlier(
                        serverErrors,
                        gatewayFailures,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        50,
                        0,
                        0,
                        50));
    }
}
