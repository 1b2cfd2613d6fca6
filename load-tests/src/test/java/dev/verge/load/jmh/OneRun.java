package dev.verge.load.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** All microbenchmarks of a package for a moment each, in this process. */
public final class OneRun {
    private OneRun() {}

    public static Collection<RunResult> of(Class<?> ofPackage, UnaryOperator<ChainedOptionsBuilder> parameters)
            throws RunnerException {
        // JMH refuses to run beside another JMH on the same machine, which is nothing to a run that measures nothing.
        System.setProperty("jmh.ignoreLock", "true");
        Collection<RunResult> results = Microbenchmarks.run(parameters.apply(Microbenchmarks.options(ofPackage)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(10))));
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.getPrimaryResult().getScore()).isPositive());
        return results;
    }
}
