package dev.verge.sandbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.FunctionLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which call may use what a start left of its limit: 280 ms here. */
class ColdStartTest {
    private static final FunctionLimits LIMITS = FunctionLimits.DEFAULT;
    private static final long LIMIT = LIMITS.cpu().toNanos();
    private static final long LEFT = Duration.ofMillis(280).toNanos();

    private final LoadedFunction function = new LoadedFunction("test", "", LIMITS, Map.of(), Map.of(), 0, call -> {});
    private int calls;

    private HostCall call() {
        return new HostCall(calls++, "", "GET", "http://site.example/", List.of(), LIMITS);
    }

    /** A context whose start took 150 ms, 120 of them for the function's own code. */
    private ColdStart started() {
        ColdStart start = new ColdStart(function);
        start.over(
                Duration.ofMillis(1_000).toNanos(),
                Duration.ofMillis(1_030).toNanos(),
                Duration.ofMillis(1_150).toNanos());
        return start;
    }

    private HostCall begun(ColdStart start) {
        HostCall call = call();
        start.begins(call);
        return call;
    }

    @Test
    void theFirstThatBeginsAndNoOther() {
        ColdStart start = started();
        HostCall first = begun(start);
        assertThat(first.cpuLimitNanos()).isEqualTo(LIMIT + LEFT);
        assertThat(first.coldStartNanos).isEqualTo(Duration.ofMillis(150).toNanos());
        HostCall beside = begun(start);
        assertThat(beside.cpuLimitNanos()).as("while the first runs").isEqualTo(LIMIT);
        assertThat(beside.coldStartNanos).isZero();
        start.outlives(first);
        assertThat(begun(start).cpuLimitNanos()).as("after it").isEqualTo(LIMIT);
    }

    @Test
    void nothingIsLeftOfAStartThatTookItAll() {
        ColdStart start = new ColdStart(function);
        start.over(0, 0, LIMITS.startup().toNanos() + 1);
        assertThat(begun(start).cpuLimitNanos()).isEqualTo(LIMIT);
    }

    @Test
    void notAfterAFirstCallThatEndedItsContextUntilAnotherOneDidNot() {
        ColdStart wasted = started();
        HostCall loop = begun(wasted);
        wasted.stoppedBy(loop);
        ColdStart again = started();
        HostCall second = begun(again);
        assertThat(second.cpuLimitNanos()).isEqualTo(LIMIT);
        again.stoppedBy(second);
        ColdStart third = started();
        HostCall good = begun(third);
        assertThat(good.cpuLimitNanos())
                .as("the second ended its context as well")
                .isEqualTo(LIMIT);
        HostCall beside = begun(third);
        third.outlives(beside);
        assertThat(begun(started()).cpuLimitNanos())
                .as("it was not the first that ended")
                .isEqualTo(LIMIT);
        third.outlives(good);
        assertThat(begun(started()).cpuLimitNanos()).isEqualTo(LIMIT + LEFT);
    }

    @Test
    void aLaterCallOrAFailedStartThatEndsTheContextCostsTheNextOneNothing() {
        ColdStart start = started();
        HostCall first = begun(start);
        start.outlives(first);
        start.stoppedBy(begun(start));
        started().stoppedBy(null);
        assertThat(begun(started()).cpuLimitNanos()).isEqualTo(LIMIT + LEFT);
    }
}
