package dev.verge.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.HostSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of a host. */
class UpkeepTest {
    private static final HostSettings SETTINGS = HostSettings.fromClassPath().withIdleTimeout(Duration.ofMinutes(1));
    private static final long HEAP = 224L << 20;

    private static Upkeep.View owned(long idleSeconds, long residentMebibytes, int stops, long served) {
        return new Upkeep.View(
                false, true, Duration.ofSeconds(idleSeconds).toNanos(), residentMebibytes << 20, HEAP, stops, served);
    }

    @Test
    void keepsAHostThatIsUsed() {
        assertThat(Upkeep.decide(owned(0, 300, 0, 10), SETTINGS)).isEqualTo(new Upkeep.Keep());
    }

    @Test
    void endsTheIdle() {
        assertThat(Upkeep.decide(owned(61, 300, 0, 10), SETTINGS)).isEqualTo(new Upkeep.End(HostEnd.IDLE));
    }

    @Test
    void replacesAHostInWhichManyContextsWereStopped() {
        assertThat(Upkeep.decide(owned(0, 300, Upkeep.MAX_STOPS, 10), SETTINGS))
                .isEqualTo(new Upkeep.Replace(HostEnd.CANCELS));
    }

    @Test
    void replacesAHostThatGrew() {
        assertThat(Upkeep.decide(owned(0, 600, 0, 10), SETTINGS)).isEqualTo(new Upkeep.Replace(HostEnd.GROWTH));
    }

    @Test
    void endsAHostThatRunsAwayAtOnce() {
        assertThat(Upkeep.decide(owned(0, 1000, 0, 10), SETTINGS)).isEqualTo(new Upkeep.End(HostEnd.GROWTH));
    }

    @Test
    void replacesAHostAfterVeryManyCalls() {
        assertThat(Upkeep.decide(owned(0, 300, 0, Upkeep.MAX_CALLS), SETTINGS))
                .isEqualTo(new Upkeep.Replace(HostEnd.REQUESTS));
    }

    @Test
    void leavesSparesAloneAndEndsWhatIsNobodysWhenItsCallsAreOver() {
        Upkeep.View spare = new Upkeep.View(true, false, Long.MAX_VALUE, 0, HEAP, 0, 0);
        assertThat(Upkeep.decide(spare, SETTINGS)).isEqualTo(new Upkeep.Keep());
        Upkeep.View busy = new Upkeep.View(false, false, 0, 0, HEAP, 0, 0);
        assertThat(Upkeep.decide(busy, SETTINGS)).isEqualTo(new Upkeep.Keep());
        Upkeep.View done = new Upkeep.View(false, false, Duration.ofSeconds(6).toNanos(), 0, HEAP, 0, 0);
        assertThat(Upkeep.decide(done, SETTINGS)).isEqualTo(new Upkeep.End(HostEnd.REPLACED));
    }
}
