package dev.verge.load.jmh.memory;

import dev.verge.load.jmh.Report;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the microbenchmarks and prints time and allocation of one operation. */
public final class MemoryReport {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private MemoryReport() {}

    /** One fork, three warm-up iterations and five measured ones of a second each. */
    public static void print(Report report) throws RunnerException {
        report.text(
                "JMH: 1 fork, 3 s warm-up, 5 x 1 s measured, one thread. Peers are bare maps and joins of the same keys.");
        Collection<RunResult> results = run(options()
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1)));
        report.header("operation", "keys", "ns/op", "± (99.9 %)", "bytes/op");
        for (RunResult result : results) {
            Result<?> time = result.getPrimaryResult();
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            String keys = result.getParams().getParam("keys");
            report.row(
                    operation(result.getParams().getBenchmark()),
                    keys == null ? "–" : keys,
                    time.getScore(),
                    time.getScoreError(),
                    allocated == null ? "?" : Long.toString(Math.round(allocated.getScore())));
        }
    }

    /** All benchmarks of this package, with allocation measured. */
    static ChainedOptionsBuilder options() {
        return new OptionsBuilder()
                .include(MemoryReport.class.getPackageName() + "\\..*")
                .addProfiler(GCProfiler.class)
                .jvmArgs("-Xms2g", "-Xmx2g", "-XX:+UseG1GC", "--sun-misc-unsafe-memory-access=allow")
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
    }

    static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
        List<RunResult> sorted = new ArrayList<>(new Runner(options.build()).run());
        sorted.removeIf(result -> result.getPrimaryResult() == null);
        return sorted;
    }

    private static String operation(String benchmark) {
        String[] parts = benchmark.split("\\.", -1);
        return parts[parts.length - 2].replace("Benchmark", "") + " `" + parts[parts.length - 1] + "`";
    }
}
