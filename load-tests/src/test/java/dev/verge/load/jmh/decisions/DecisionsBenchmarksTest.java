package dev.verge.load.jmh.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.load.jmh.OneRun;
import org.junit.jupiter.api.Test;

/** That the microbenchmarks still run, and find what they ask for; their figures mean nothing here. */
class DecisionsBenchmarksTest {
    @Test
    void everyMicrobenchmarkRunsOnce() throws Exception {
        assertThat(OneRun.of(
                        DecisionsReport.class,
                        options -> options.param("sites", "100")
                                .param("rules", "10")
                                .param("holds", "LAST")
                                .param("endpoints", "3")))
                .hasSize(4 + 2 + 13 + 8);
    }

    @Test
    void hostsAreFoundAsTheBenchmarkSays() {
        var routing = new RoutingBenchmark();
        routing.sites = 100;
        routing.prepare();
        for (int i = 0; i < 1000; i++) {
            assertThat(routing.exactHost()).isNotNull();
            assertThat(routing.wildcardHost()).isNotNull();
            assertThat(routing.unknownHost()).isNull();
            assertThat(routing.peerHashMap()).isNotNull();
        }
    }
}
