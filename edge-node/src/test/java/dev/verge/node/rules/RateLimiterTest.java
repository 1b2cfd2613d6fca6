package dev.verge.node.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    @Test
    void aFloodOfNewKeysDoesNotForgiveAClientThatHasUsedUpItsTokens() {
        RateLimiter limiter = new RateLimiter();
        RateCheck.Rule login = new RateCheck.Rule("default/shop", "login", 0);
        RateCheck spent = new RateCheck(login, "192.0.2.7", 20, Duration.ofHours(1), 20);
        for (int i = 0; i < 30; i++) {
            assertThat(limiter.retryAfter(spent, 0) == null).isEqualTo(i < 20);
        }
        RateCheck.Rule other = new RateCheck.Rule("default/other", "keys", 0);
        for (int i = 0; i < 500_000; i++) {
            var _ = limiter.retryAfter(new RateCheck(login, "key-" + i, 20, Duration.ofHours(1), 20), 0);
            var _ = limiter.retryAfter(new RateCheck(other, "key-" + i, 1, Duration.ofDays(1), 1), 0);
        }
        assertThat(limiter.retryAfter(spent, 0)).isNotNull();
        assertThat(limiter.slots()).isLessThanOrEqualTo(2 * RateTable.LARGEST);
    }

    @Test
    void bucketsThatAreFullAgainMakeRoomForOthers() {
        RateLimiter limiter = new RateLimiter();
        RateCheck.Rule rule = new RateCheck.Rule("default/shop", "r", 0);
        for (int second = 0; second < 100; second++) {
            for (int i = 0; i < 8; i++) {
                RateCheck check = new RateCheck(rule, second + "-" + i, 1, Duration.ofSeconds(1), 1);
                assertThat(limiter.retryAfter(check, second * 2_000_000_000L)).isNull();
                assertThat(limiter.retryAfter(check, second * 2_000_000_000L)).isNotNull();
            }
        }
        assertThat(limiter.slots()).isLessThanOrEqualTo(4 * RateTable.SMALLEST);
    }
}
