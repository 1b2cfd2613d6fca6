package dev.verge.control.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.usage.QuotaShare;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageInterval;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageSum;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class QuotaSharesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Set<String> LIMITED = Set.of("shop");

    private final QuotaShares shares = new QuotaShares();

    private static List<UsageInterval> requests(String account, long count) {
        return List.of(new UsageInterval(
                1,
                0,
                1_000,
                false,
                List.of(new UsageSum().add(UsageField.STATUS_2XX, count).row(UsageKey.site(account, "s")))));
    }

    private int share(String node) {
        return shares.of(node).getOrDefault("shop", new QuotaShare(1, 1, 1)).requests();
    }

    @Test
    void partsFollowUseAndAreNeverMoreThanTheWhole() {
        for (int second = 1; second <= 60; second++) {
            long now = second * SECOND;
            // All traffic moves from one node to the other after half a minute.
            shares.used(second < 30 ? "one" : "two", requests("shop", 100), LIMITED, now);
            shares.used("three", requests("shop", 1), LIMITED, now);
            shares.handOut(LIMITED, Map.of(), 3, now);
            assertThat(share("one") + share("two") + share("three"))
                    .as("after %d s", second)
                    .isLessThanOrEqualTo(QuotaShare.WHOLE);
            if (second == 29) {
                assertThat(share("one")).isGreaterThan(900_000);
            }
            if (second == 36) {
                assertThat(share("two")).as("some seconds later").isGreaterThan(800_000);
            }
        }
        assertThat(share("one")).as("forgotten").isEqualTo(1);
        assertThat(Objects.requireNonNull(shares.of("three").get("shop")).even())
                .isEqualTo(333_333);
    }

    @Test
    void whatIsUsedAtOtherControlPlanesIsNotHandedOutHere() {
        shares.used("one", requests("shop", 100), LIMITED, SECOND);
        shares.handOut(LIMITED, Map.of("shop", new QuotaShares.Use(300, 0, SECOND)), 2, SECOND);
        assertThat(share("one")).isEqualTo(275_000);
    }

    @Test
    void aNodeThatIsAloneHasTheWholeAndAnAccountWithoutQuotasNothing() {
        shares.used("one", requests("shop", 5), LIMITED, SECOND);
        shares.used("one", requests("other", 5), LIMITED, SECOND);
        shares.handOut(LIMITED, Map.of(), 1, SECOND);
        assertThat(share("one")).isEqualTo(QuotaShare.WHOLE);
        assertThat(shares.of("one")).containsOnlyKeys("shop");
        shares.handOut(Set.of(), Map.of(), 1, SECOND);
        assertThat(shares.of("one")).isEmpty();
    }
}
