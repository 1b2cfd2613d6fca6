package dev.verge.node.pipeline;

import dev.verge.node.trace.OpenSpan;
import dev.verge.node.trace.Trace;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.InvocationRecord;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What spans say of runs of functions, from the call to the end of all its work. */
final class FunctionSpans {
    private FunctionSpans() {}

    /** A run is called; null when it is not recorded. */
    static @Nullable OpenSpan begin(@Nullable Trace trace, String function) {
        OpenSpan span = Trace.child(trace, "function " + function, SpanKind.INTERNAL);
        return span == null ? null : span.set("faas.name", function);
    }

    /**
     * The run is over.
     *
     * @param called when it was called
     */
    static void end(@Nullable OpenSpan span, Instant called, InvocationRecord run) {
        if (span == null) {
            return;
        }
        if (run.waited().compareTo(Duration.ZERO) > 0) {
            OpenSpan wait = span.child("wait for a host", SpanKind.INTERNAL, called);
            if (wait != null) {
                wait.end(called.plus(run.waited()));
            }
        }
        span.set("faas.version", run.function().version())
                .set("faas.coldstart", !run.coldStart().isZero())
                .set("verge.function.outcome", run.outcome().word())
                .set("verge.function.cpu_ms", run.cpu().toNanos() / 1e6)
                .set("verge.function.wait_ms", run.waited().toNanos() / 1e6)
                .set("verge.function.subrequests", run.subrequests())
                .set("verge.function.allocated_bytes", run.allocatedBytes());
        if (run.outcome() != FunctionOutcome.OK) {
            span.failed("function-" + run.outcome().word());
        }
        span.end();
    }

    /** It never ran. */
    static void notRun(@Nullable OpenSpan span, String why) {
        if (span != null) {
            span.failed(why).end();
        }
    }
}
