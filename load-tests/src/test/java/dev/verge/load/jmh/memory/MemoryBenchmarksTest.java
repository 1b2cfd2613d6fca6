package dev.verge.load.jmh.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.load.jmh.OneRun;
import org.junit.jupiter.api.Test;

/** That the microbenchmarks still run; their figures mean nothing here. */
class MemoryBenchmarksTest {
    @Test
    void everyMicrobenchmarkRunsOnce() throws Exception {
        assertThat(OneRun.of(MemoryReport.class, options -> options.param("keys", "100")))
                .hasSizeGreaterThanOrEqualTo(14);
    }
}
