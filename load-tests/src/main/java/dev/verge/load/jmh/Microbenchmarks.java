package dev.verge.load.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the microbenchmarks of one package and prints time and allocation of one operation. */
public final class Microbenchmarks {
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final int WARM_UP_ITERATIONS = 3;
    private static final int MEASURED_ITERATIONS = 5;

    private Microbenchmarks() {}

    /**
     * One fork each, three warm-up iterations and five measured ones; a table for each class of benchmarks.
     *
     * @param ofPackage a class of the package
     * @param iterationMillis length of an iteration
     */
    public static void print(Report report, Class<?> ofPackage, int iterationMillis) throws RunnerException {
        TimeValue iteration = TimeValue.milliseconds(iterationMillis);
        report.text(
                "JMH: 1 fork, one thread, %d iterations of %d ms to warm up and %d measured. Peers are of the same run."
                        .formatted(WARM_UP_ITERATIONS, iterationMillis, MEASURED_ITERATIONS));
        Collection<RunResult> results = run(options(ofPackage)
                .forks(1)
                .warmupIterations(WARM_UP_ITERATIONS)
                .warmupTime(iteration)
                .measurementIterations(MEASURED_ITERATIONS)
                .measurementTime(iteration));
        Map<String, List<RunResult>> byClass = new LinkedHashMap<>();
        for (RunResult result : results) {
            byClass.computeIfAbsent(part(result, 2).replace("Benchmark", ""), name -> new ArrayList<>())
                    .add(result);
        }
        byClass.forEach((name, ofClass) -> table(report, name, ofClass));
    }

    /** All benchmarks of a package, with allocation measured. */
    public static ChainedOptionsBuilder options(Class<?> ofPackage) {
        return new OptionsBuilder()
                .include(ofPackage.getPackageName() + "\\..*")
                .addProfiler(GCProfiler.class)
                .jvmArgs("-Xms2g", "-Xmx2g", "-XX:+UseG1GC", "--sun-misc-unsafe-memory-access=allow")
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
    }

    /** Results in the order of benchmarks and parameters. */
    public static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
        List<RunResult> sorted = new ArrayList<>(new Runner(options.build()).run());
        sorted.removeIf(result -> result.getPrimaryResult() == null);
        return sorted;
    }

    private static void table(Report report, String name, List<RunResult> results) {
        report.text("### " + name);
        List<String> parameters = results.stream()
                .flatMap(result -> result.getParams().getParamsKeys().stream())
                .distinct()
                .toList();
        List<Object> header = new ArrayList<>(List.of("operation"));
        header.addAll(parameters);
        header.addAll(List.of("ns/op", "± (99.9 %)", "bytes/op"));
        report.header(header.toArray(String[]::new));
        for (RunResult result : results) {
            Result<?> time = result.getPrimaryResult();
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            List<Object> row = new ArrayList<>(List.of("`" + part(result, 1) + "`"));
            for (String parameter : parameters) {
                String value = result.getParams().getParam(parameter);
                row.add(value == null ? "–" : value);
            }
            row.add(time.getScore());
            row.add(time.getScoreError());
            row.add(allocated == null ? "?" : Long.toString(Math.round(allocated.getScore())));
            report.row(row.toArray());
        }
    }

    /** The method (1) or class (2) of a benchmark: the parts of its name from the end. */
    private static String part(RunResult result, int fromEnd) {
        String[] parts = result.getParams().getBenchmark().split("\\.", -1);
        return parts[parts.length - fromEnd];
    }
}
