package dev.verge.load.jmh.decisions;

import dev.verge.load.jmh.Machine;
import dev.verge.load.jmh.Microbenchmarks;
import dev.verge.load.jmh.Report;
import org.openjdk.jmh.runner.RunnerException;

/** Runs the microbenchmarks of this package: what {@code load-tests/decisions} calls. */
public final class DecisionsReport {
    private DecisionsReport() {}

    /**
     * Entry point.
     *
     * @param args length of an iteration in milliseconds
     */
    public static void main(String[] args) throws RunnerException {
        var report = new Report(System.out);
        report.text(Machine.describe());
        Microbenchmarks.print(report, DecisionsReport.class, Integer.parseInt(args[0]));
    }
}
