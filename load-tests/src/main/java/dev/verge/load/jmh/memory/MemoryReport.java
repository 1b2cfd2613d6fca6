package dev.verge.load.jmh.memory;

import dev.verge.load.jmh.Microbenchmarks;
import dev.verge.load.jmh.Report;
import org.openjdk.jmh.runner.RunnerException;

/** Runs the microbenchmarks of this package. */
public final class MemoryReport {
    private static final int ITERATION_MILLIS = 1000;

    private MemoryReport() {}

    public static void print(Report report) throws RunnerException {
        Microbenchmarks.print(report, MemoryReport.class, ITERATION_MILLIS);
    }
}
