package dev.verge.node.fast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.site.Routing;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private final Targets targets = new Targets(8192);

    private @Nullable Target find(int site) {
        return targets.find(false, false, host(site), "/index.html", null);
    }

    private void put(int site) {
        Target made = new Target(false, false, host(site), "/index.html", null, Routing.EMPTY, null);
        targets.put(false, false, host(site), "/index.html", null, made);
    }

    private static String host(int site) {
        return "s" + site + ".test";
    }

    @Test
    void theTargetsOfThousandsOfSitesAreKnownTogether() {
        IntStream.range(0, 4_000).forEach(this::put);
        assertThat(IntStream.range(0, 4_000).filter(site -> find(site) != null).count())
                .isGreaterThan(3_700);
    }

    @Test
    void whatIsAskedForOftenStaysWhileOthersPass() {
        put(-1);
        for (int other = 0; other < 50_000; other++) {
            assertThat(find(-1)).as("after %d others", other).isNotNull();
            put(other);
        }
    }

    @Test
    void aTargetMadeAnewTakesThePlaceOfItsFormer() {
        put(1);
        Target former = find(1);
        put(1);
        assertThat(find(1)).isNotNull().isNotSameAs(former);
    }
}
