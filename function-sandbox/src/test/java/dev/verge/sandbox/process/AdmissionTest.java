package dev.verge.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.AccountLimits;
import dev.verge.sandbox.NoHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who is let in when. Time is what the tests say it is. */
class AdmissionTest {
    private static final long MILLI = 1_000_000;
    private static final AccountLimits LIMITS = new AccountLimits(4, 2, 3, Duration.ofMillis(500));

    private double load = 1;
    private final Admission admission = new Admission(LIMITS, 2, () -> load);
    private final AtomicInteger in = new AtomicInteger();
    private final List<NoHostException> refused = new ArrayList<>();

    private void enter(String account, String function, long now) {
        admission.enter(account, function, false, now, in::incrementAndGet, refused::add);
    }

    /** As often as it takes until the load that it is told counts. */
    private static void tick(Admission admission, long now) {
        for (int i = 0; i < 30; i++) {
            admission.tick(now);
        }
    }

    @Test
    void letsInAsManyOfAFunctionAsItMayHave() {
        for (int i = 0; i < 4; i++) {
            enter("one", "f", 0);
        }
        assertThat(in).hasValue(2);
        assertThat(admission.waiting()).isEqualTo(2);
        admission.leave("one", "f", 0, 1);
        assertThat(in).hasValue(3);
    }

    @Test
    void aFunctionThatWaitsDoesNotHoldUpAnother() {
        for (int i = 0; i < 3; i++) {
            enter("one", "f", 0);
        }
        enter("one", "g", 0);
        admission.tick(1);
        assertThat(in).as("two of f, one of g").hasValue(3);
    }

    @Test
    void letsInAsManyOfAnAccountAsItMayHave() {
        for (int i = 0; i < 3; i++) {
            enter("one", "f" + i, 0);
            enter("one", "f" + i, 0);
        }
        assertThat(in).hasValue(4);
        enter("two", "f", 0);
        assertThat(in).as("another account has room of its own").hasValue(5);
    }

    @Test
    void refusesAtOnceWhenTooManyWait() {
        for (int i = 0; i < 6; i++) {
            enter("one", "f", 0);
        }
        assertThat(refused).hasSize(1);
        assertThat(refused.getFirst().isBusy()).isTrue();
        assertThat(refused.getFirst().retryAfter()).isPositive();
    }

    @Test
    void refusesWhoWaitedTooLong() {
        for (int i = 0; i < 3; i++) {
            enter("one", "f", 0);
        }
        admission.tick(499 * MILLI);
        assertThat(refused).isEmpty();
        admission.tick(501 * MILLI);
        assertThat(refused).hasSize(1);
        assertThat(admission.waiting()).isZero();
    }

    @Test
    void anAccountAboveItsShareWaitsWhileOthersAreActive() {
        enter("quiet", "f", 0);
        enter("heavy", "f", 0);
        admission.leave("quiet", "f", 200 * MILLI, 0);
        admission.leave("heavy", "f", 500 * MILLI, MILLI);
        tick(admission, MILLI);
        enter("heavy", "f", 2 * MILLI);
        assertThat(in)
                .as("the share of one of two accounts is half a core, 250 ms of the last 500")
                .hasValue(2);
        admission.tick(300 * MILLI);
        assertThat(in).hasValue(2);
        admission.tick(400 * MILLI);
        assertThat(in).as("its use has faded").hasValue(3);
    }

    @Test
    void anAccountThatIsAloneGetsEverything() {
        enter("heavy", "f", 0);
        admission.tick(0);
        for (int i = 0; i < 100; i++) {
            admission.leave("heavy", "f", 50 * MILLI, i * MILLI);
            enter("heavy", "f", i * MILLI);
        }
        assertThat(in).hasValue(101);
    }

    @Test
    void aMomentOfLoadHoldsNobodyBack() {
        enter("quiet", "f", 0);
        enter("heavy", "f", 0);
        admission.leave("quiet", "f", 200 * MILLI, 0);
        admission.leave("heavy", "f", 900 * MILLI, 0);
        admission.tick(1);
        enter("heavy", "f", 2);
        assertThat(in).hasValue(3);
    }

    @Test
    void aLoadThatIsNotKnownCountsAsFull() {
        load = -1;
        enter("quiet", "f", 0);
        enter("heavy", "f", 0);
        admission.leave("quiet", "f", 200 * MILLI, 0);
        admission.leave("heavy", "f", 900 * MILLI, 0);
        tick(admission, 1);
        enter("heavy", "f", 2);
        assertThat(in).hasValue(2);
    }

    @Test
    void nobodyIsHeldBackWhileProcessorsAreFree() {
        load = 0.8;
        enter("quiet", "f", 0);
        enter("heavy", "f", 0);
        admission.leave("quiet", "f", 200 * MILLI, 0);
        admission.leave("heavy", "f", 900 * MILLI, 0);
        tick(admission, 1);
        enter("heavy", "f", 2);
        enter("heavy", "f", 2);
        assertThat(in).hasValue(4);
    }

    @Test
    void whoseCallsAreLongIsToldOnlyWhileProcessorsAreShared() {
        enter("quiet", "f", 0);
        enter("heavy", "f", 0);
        for (int i = 0; i < 100; i++) {
            admission.leave("quiet", "f", MILLI / 2, 0);
        }
        admission.leave("heavy", "f", 50 * MILLI, 0);
        tick(admission, 1);
        assertThat(admission.tick(1)).containsExactly("heavy");
        load = 0.5;
        tick(admission, 2);
        assertThat(admission.tick(2)).isEmpty();
    }

    @Test
    void heavyCallsEnterFewAtATimeWhileOthersAreActive() {
        Admission wide = new Admission(new AccountLimits(100, 100, 100, Duration.ofSeconds(1)), 2, () -> 1);
        for (int i = 0; i < 60; i++) {
            wide.enter("quiet", "f", false, 0, in::incrementAndGet, refused::add);
            wide.leave("quiet", "f", MILLI, 0);
        }
        for (int i = 0; i < 20; i++) {
            wide.enter("heavy", "f", false, 0, in::incrementAndGet, refused::add);
            wide.leave("heavy", "f", 50 * MILLI, 0);
        }
        tick(wide, 700 * MILLI);
        in.set(0);
        for (int i = 0; i < 20; i++) {
            wide.enter("heavy", "f", false, 700 * MILLI, in::incrementAndGet, refused::add);
        }
        assertThat(in.get()).isBetween(1, 3);
        in.set(0);
        for (int i = 0; i < 20; i++) {
            wide.enter("quiet", "f", false, 700 * MILLI, in::incrementAndGet, refused::add);
        }
        assertThat(in).hasValue(20);
    }

    @Test
    void forgetsAccountsThatDoNotCallAnyMore() {
        enter("one", "f", 0);
        admission.leave("one", "f", MILLI, MILLI);
        admission.tick(5000 * MILLI);
        enter("one", "f", 5001 * MILLI);
        assertThat(in).hasValue(2);
        admission.leave("one", "f", MILLI, 5002 * MILLI);
        enter("one", "f", 5003 * MILLI);
        enter("one", "f", 5003 * MILLI);
        assertThat(in).hasValue(4);
    }

    @Test
    void callWithinACallDoesNotWaitForThePlaceThatItsCallerHolds() {
        for (int i = 0; i < 5; i++) {
            enter("one", "f" + i, 0);
        }
        assertThat(in).hasValue(4);
        for (int i = 0; i < 5; i++) {
            admission.enter("one", "inner", true, 0, in::incrementAndGet, refused::add);
        }
        assertThat(in).as("twice the account's calls").hasValue(8);
        assertThat(refused).hasSize(1);
        assertThat(admission.waiting()).isEqualTo(1);
    }
}
