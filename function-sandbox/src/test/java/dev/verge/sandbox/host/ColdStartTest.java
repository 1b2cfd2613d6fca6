package dev.verge.sandbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.FunctionLimits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What calls may use beyond their limit while the code is new: 280 ms each at most here, 2 s all together. */
class ColdStartTest {
    private static final FunctionLimits LIMITS = FunctionLimits.DEFAULT;
    private static final long LIMIT = LIMITS.cpu().toNanos();
    private static final long LEFT = Duration.ofMillis(280).toNanos();
    private static final long ALL = Duration.ofSeconds(2).toNanos();

    private final WarmUp warmUp = new WarmUp(LIMITS.startup());
    private int calls;

    /** A context whose start took 150 ms, 120 of them for the function's own code. */
    private static ColdStart started() {
        ColdStart start = new ColdStart();
        start.over(
                Duration.ofMillis(1_000).toNanos(),
                Duration.ofMillis(1_030).toNanos(),
                Duration.ofMillis(1_150).toNanos(),
                LIMITS.startup().toNanos());
        return start;
    }

    private HostCall begun(ColdStart start) {
        HostCall call = new HostCall(calls++, "", "GET", "http://site.example/", List.of(), LIMITS);
        call.warmUp = warmUp;
        start.begins(call);
        return call;
    }

    @Test
    void theFirstCallIsToldAndAllMayUseWhatItLeft() {
        ColdStart start = started();
        HostCall first = begun(start);
        assertThat(first.coldStartNanos).isEqualTo(Duration.ofMillis(150).toNanos());
        assertThat(first.cpuLimitNanos()).isEqualTo(LIMIT + LEFT);
        HostCall second = begun(start);
        assertThat(second.coldStartNanos).isZero();
        assertThat(second.cpuLimitNanos()).isEqualTo(LIMIT + LEFT);
    }

    @Test
    void nothingIsLeftOfAStartThatTookItAll() {
        ColdStart start = new ColdStart();
        start.over(0, 0, LIMITS.startup().toNanos() + 1, LIMITS.startup().toNanos());
        assertThat(begun(start).cpuLimitNanos()).isEqualTo(LIMIT);
    }

    @Test
    void whatCallsUseBeyondTheirLimitsIsMissingToOthersAndNotToThemselves() {
        HostCall call = begun(started());
        call.charge(LIMIT - 1, 0);
        assertThat(warmUp.leftNanos()).as("below the limit").isEqualTo(ALL);
        call.charge(101, 0);
        assertThat(warmUp.leftNanos()).isEqualTo(ALL - 100);
        HostCall heavy = begun(started());
        heavy.charge(LIMIT + ALL - 1_100, 0);
        assertThat(warmUp.leftNanos()).isEqualTo(1_000);
        assertThat(call.cpuLimitNanos()).as("what it used counts").isEqualTo(LIMIT + 1_100);
        assertThat(begun(started()).cpuLimitNanos()).isEqualTo(LIMIT + 1_000);
    }

    @Test
    void itEndsForGood() {
        begun(started()).charge(LIMIT + 3 * ALL, 0);
        assertThat(warmUp.leftNanos()).isZero();
        HostCall next = begun(started());
        assertThat(next.cpuLimitNanos()).isEqualTo(LIMIT);
        next.charge(LIMIT + 5, 0);
        assertThat(begun(started()).cpuLimitNanos()).isEqualTo(LIMIT);
    }
}
