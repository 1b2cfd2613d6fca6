package dev.verge.sandbox;

import java.time.Duration;
import java.util.List;

/**
 * What an invocation was and used, known when all of it is over: body sent, {@code waitUntil} done.
 *
 * @param status that was answered or stands for the outcome
 * @param cpu time on the owner thread, start-up not included
 * @param wall from the call to the end
 * @param waited of {@code wall}: for a host, and for the code to be there
 * @param coldStart evaluation of the function's modules when this call had to wait for it, else zero
 * @param allocatedBytes in the function's context, streaming included
 * @param peakBytes an upper bound of what the function held meanwhile: measured where it came near its limit, else what the call
 *     allocated
 * @param logs bounded by {@link FunctionLimits#logBytes()}
 * @param traceparent of the trace that it belongs to; empty for none
 */
public record InvocationRecord(
        String requestId,
        FunctionVersion function,
        FunctionOutcome outcome,
        int status,
        Duration cpu,
        Duration wall,
        Duration waited,
        Duration coldStart,
        long allocatedBytes,
        long peakBytes,
        int subrequests,
        List<LogLine> logs,
        String traceparent) {
    public InvocationRecord {
        logs = List.copyOf(logs);
    }
}
