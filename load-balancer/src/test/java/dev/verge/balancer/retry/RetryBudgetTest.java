package dev.verge.balancer.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Retries stay a share of the requests active or started in the last 10 s. */
class RetryBudgetTest {
    private static final long T0 = TimeUnit.SECONDS.toNanos(1_000);

    private final RetryBudget budget = new RetryBudget();

    @Test
    void theMinimumIsAffordableWithoutAnyRequests() {
        assertThat(retriesUntilRefused(20, 3, T0)).isEqualTo(3);
    }

    @Test
    void theShareCountsRequestsOfTheWindow() {
        requests(100, T0);
        assertThat(retriesUntilRefused(20, 3, T0 + 1)).isEqualTo(20);
    }

    @Test
    void requestsThatEndedLongAgoNoLongerCount() {
        requests(100, T0);
        for (int i = 0; i < 100; i++) {
            budget.requestEnded();
        }
        assertThat(retriesUntilRefused(20, 3, at(9))).isEqualTo(20);
        assertThat(retriesUntilRefused(20, 3, at(21))).isEqualTo(3);
    }

    @Test
    void requestsStillActiveCountHoweverOldTheyAre() {
        requests(50, T0);
        assertThat(retriesUntilRefused(20, 3, at(600))).isEqualTo(10);
    }

    @Test
    void usedBudgetComesBackAfterTheWindow() {
        requests(100, T0);
        assertThat(retriesUntilRefused(20, 3, T0)).isEqualTo(20);
        assertThat(budget.affords(20, 3, at(9))).isFalse();
        assertThat(budget.affords(20, 3, at(10))).isTrue();
    }

    @Test
    void noBudgetAllowsNone() {
        requests(100, T0);
        assertThat(budget.affords(0, 0, T0)).isFalse();
    }

    private void requests(int count, long at) {
        for (int i = 0; i < count; i++) {
            budget.requestStarted(at);
        }
    }

    private int retriesUntilRefused(int percent, int minimum, long now) {
        int made = 0;
        while (budget.affords(percent, minimum, now)) {
            budget.retryStarted(now);
            made++;
        }
        return made;
    }

    private static long at(int seconds) {
        return T0 + TimeUnit.SECONDS.toNanos(seconds);
    }
}
