package dev.verge.node.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.log.AccountQuotas;
import dev.verge.sync.usage.QuotaShare;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a node lets through of a quota of which it has a part. */
class QuotaPartsTest {
    private static final long SECOND = 1_000_000_000L;

    private final Part part = new Part();
    private final Quota quota =
            new Quota(new AccountQuotas(100, 20, Duration.ofSeconds(60), 8), new AtomicInteger(), part, 0);

    /** How many requests get through when one comes each millisecond. */
    private int requests(long from, long until) {
        int through = 0;
        for (long now = from; now < until; now += SECOND / 1_000) {
            if (quota.request(now) == null) {
                through++;
            }
        }
        return through;
    }

    @Test
    void withoutAWordItHasTheWholeAndThenWhatItIsToldForAWhile() {
        assertThat(requests(0, SECOND)).as("a full bucket and what comes back").isBetween(199, 201);
        assertThat(requests(SECOND, 2 * SECOND)).isBetween(99, 101);
        part.heard(new QuotaShare(250_000, 250_000, 500_000), 2 * SECOND);
        assertThat(requests(2 * SECOND, 5 * SECOND)).as("a quarter").isBetween(74, 76);
        assertThat(requests(5 * SECOND + 1, 7 * SECOND))
                .as("a half, once that is long ago")
                .isBetween(99, 101);
        part.heard(new QuotaShare(1, 1, 1), 7 * SECOND);
        assertThat(requests(7 * SECOND, 9 * SECOND)).as("next to nothing").isLessThanOrEqualTo(1);
    }

    @Test
    void runsOfFunctionsShareTheSamePart() {
        part.heard(new QuotaShare(QuotaShare.WHOLE, 250_000, 250_000), 0);
        int admitted = 0;
        for (int i = 0; i < 8; i++) {
            if (quota.run(0) instanceof Admission.Admitted) {
                admitted++;
            }
        }
        assertThat(admitted).as("a quarter of eight at a time").isEqualTo(2);
        part.heard(new QuotaShare(QuotaShare.WHOLE, 1, 1), 0);
        assertThat(new Quota(new AccountQuotas(null, null, null, 8), new AtomicInteger(), part, 0).run(0))
                .as("one at least")
                .isInstanceOf(Admission.Admitted.class);
    }
}
