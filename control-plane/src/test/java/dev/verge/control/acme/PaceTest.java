package dev.verge.control.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.document.TlsOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private static Duration pause(int failures, boolean ours, double chance) {
        return Duration.between(NOW, Pace.retry(NOW, failures, ours, null, chance));
    }

    @Test
    void pausesDoubleUpToADayAndChanceOnlyLengthensThem() {
        assertThat(List.of(1, 2, 3, 4, 7, 8, 100_000))
                .extracting(failures -> pause(failures, false, 0).toMinutes())
                .containsExactly(15L, 30L, 60L, 120L, 960L, 1_440L, 1_440L);
        assertThat(pause(1, true, 0)).isEqualTo(Duration.ofMinutes(1));
        assertThat(pause(1, false, 1)).isEqualTo(Duration.ofSeconds(945));
    }

    @Test
    void theAuthoritysOwnWordIsKeptWhenItIsLater() {
        Instant asked = NOW.plus(Duration.ofHours(3));
        assertThat(Pace.retry(NOW, 1, false, asked, 0.5)).isEqualTo(asked);
        assertThat(Pace.retry(NOW, 9, false, asked, 0)).isEqualTo(NOW.plus(Duration.ofDays(1)));
    }

    @Test
    void aCertificateIsRenewedAtTwoThirdsOfItsLifeOrALittleBefore() {
        Instant end = NOW.plus(Duration.ofDays(90));
        assertThat(Pace.renewal(NOW, end, 0)).isEqualTo(NOW.plus(Duration.ofDays(60)));
        assertThat(Pace.renewal(NOW, end, 1)).isBetween(NOW.plus(Duration.ofDays(55)), NOW.plus(Duration.ofDays(56)));
    }

    @Test
    void namesOfCertificatesFitHoweverLongTheSitesIs() {
        assertThat(TlsOptions.autoName("shop")).isEqualTo("auto-shop");
        String longest = "a".repeat(63);
        assertThat(TlsOptions.autoName(longest))
                .hasSize(63)
                .startsWith("auto-aaa")
                .isNotEqualTo(TlsOptions.autoName("a".repeat(62)));
    }
}
