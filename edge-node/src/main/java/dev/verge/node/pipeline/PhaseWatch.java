package dev.verge.node.pipeline;

import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.observe.Stage;
import dev.verge.node.trace.OpenSpan;
import dev.verge.node.trace.Trace;
import io.opentelemetry.api.trace.SpanKind;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Measures where requests wait. One that does not wait costs a look at the clock. */
final class PhaseWatch {
    private final NodeMetrics metrics;

    PhaseWatch(NodeMetrics metrics) {
        this.metrics = metrics;
    }

    /** Goes through the phase. Its faults are the caller's. */
    Future<Step> apply(Phase phase, RequestState state) {
        Stage stage = phase.stage();
        if (stage == null) {
            return phase.apply(state);
        }
        @Nullable OpenSpan span = span(stage, state.trace());
        long begun = System.nanoTime();
        Future<Step> done = phase.apply(state);
        if (done.isComplete()) {
            if (span != null && stage == Stage.LOOKUP) {
                end(span, done);
            }
            return done;
        }
        return done.onComplete(ended -> {
            metrics.waited(stage, System.nanoTime() - begun);
            if (span != null) {
                end(span, done);
            }
        });
    }

    /** Functions and tries at origins have spans of their own, which know more. */
    private static @Nullable OpenSpan span(Stage stage, @Nullable Trace trace) {
        return switch (stage) {
            case LOOKUP -> Trace.child(trace, "cache lookup", SpanKind.INTERNAL);
            case COLLAPSE -> Trace.child(trace, "collapse wait", SpanKind.INTERNAL);
            case FUNCTION, ORIGIN -> null;
        };
    }

    private static void end(OpenSpan span, Future<Step> done) {
        if (done.succeeded()) {
            switch (done.result()) {
                case Step.Respond answer ->
                    span.set("verge.cache.status", answer.state().trail().cache());
                case Step.Continue goesOn ->
                    span.set("verge.cache.fwd", reason(goesOn.state().turn()));
                case Step.Fail failed -> RequestSpans.failed(span, failed.error());
            }
        }
        span.end();
    }

    private static @Nullable String reason(CacheTurn turn) {
        return switch (turn) {
            case CacheTurn.Pass pass -> pass.reason().token();
            case CacheTurn.Fill fill -> fill.reason().token();
            case CacheTurn.Probe probe -> probe.reason().token();
            case CacheTurn.Open _ -> null;
        };
    }
}
