package dev.verge.load.jmh.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.TimeValue;

/** That the microbenchmarks still run; their figures mean nothing here. */
class MemoryBenchmarksTest {
    @Test
    void everyMicrobenchmarkRunsOnce() throws Exception {
        // JMH refuses to run beside another JMH on the same machine, which is nothing to a run that measures nothing.
        System.setProperty("jmh.ignoreLock", "true");
        var results = MemoryReport.run(MemoryReport.options()
                .forks(0)
                .param("keys", "100")
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(10)));
        assertThat(results).hasSizeGreaterThanOrEqualTo(14);
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.getPrimaryResult().getScore()).isPositive());
    }
}
