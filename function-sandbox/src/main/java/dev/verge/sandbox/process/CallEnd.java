package dev.verge.sandbox.process;

import dev.verge.sandbox.FunctionCall;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.InvocationRecord;
import dev.verge.sandbox.LogLine;
import dev.verge.sandbox.wire.Frame;
import dev.verge.sandbox.wire.WireException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run ended, as its host tells it or as the node has to assume.
 *
 * @param passThrough the caller should go on as if there were no function
 */
record CallEnd(
        FunctionOutcome outcome,
        boolean passThrough,
        long cpuNanos,
        long coldStartNanos,
        long allocatedBytes,
        long peakBytes,
        int subrequests,
        List<LogLine> log) {
    private static final FunctionOutcome[] OUTCOMES = FunctionOutcome.values();
    private static final int MAX_LOG_LINES = 40_000;

    CallEnd {
        log = List.copyOf(log);
    }

    /** An end that no host told of. */
    static CallEnd untold(FunctionOutcome outcome, int subrequests, LogLine... log) {
        return new CallEnd(outcome, false, 0, 0, 0, 0, subrequests, List.of(log));
    }

    /** From a STOPPING frame, for when no other follows: the host had to be ended, too. */
    static CallEnd stopped(Frame frame, int subrequests) {
        FunctionOutcome outcome = outcome(frame);
        return untold(outcome, subrequests, new LogLine(Instant.now(), "exception", frame.string()));
    }

    private static FunctionOutcome outcome(Frame frame) {
        int outcome = frame.u8();
        if (outcome >= OUTCOMES.length) {
            throw new WireException("outcome " + outcome);
        }
        return OUTCOMES[outcome];
    }

    /** From a FINISHED frame. */
    static CallEnd read(Frame frame) {
        FunctionOutcome outcome = outcome(frame);
        boolean passThrough = frame.flag();
        long cpu = frame.u64();
        long coldStart = frame.u64();
        long allocated = frame.u64();
        long peak = frame.u64();
        int subrequests = frame.u32();
        int lines = frame.count(MAX_LOG_LINES);
        List<LogLine> log = new ArrayList<>(Math.min(lines, 100));
        for (int i = 0; i < lines; i++) {
            log.add(new LogLine(Instant.ofEpochMilli(frame.u64()), frame.string(), frame.string()));
        }
        return new CallEnd(outcome, passThrough, cpu, coldStart, allocated, peak, subrequests, log);
    }

    /** What the node keeps of it. */
    InvocationRecord record(FunctionCall call, int status, long wallNanos, long waitedNanos) {
        return new InvocationRecord(
                call.requestId(),
                call.function(),
                outcome,
                status,
                Duration.ofNanos(cpuNanos),
                Duration.ofNanos(wallNanos),
                Duration.ofNanos(waitedNanos),
                Duration.ofNanos(coldStartNanos),
                allocatedBytes,
                peakBytes,
                subrequests,
                log,
                call.traceparent());
    }
}
