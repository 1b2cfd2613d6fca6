package dev.verge.node.trace;

import io.opentelemetry.api.trace.SpanKind;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to.
 *
 * @param context what is sent on says this, where no span of its own is recorded
 * @param span null when this node records nothing of the request; then the context is passed on as it came
 */
public record Trace(TraceContext context, @Nullable OpenSpan span) {

    static Trace of(OpenSpan span) {
        return new Trace(span.context(), span);
    }

    /** Begins a part of the request's work; null when it is not recorded. */
    public static @Nullable OpenSpan child(@Nullable Trace trace, String name, SpanKind kind) {
        return trace == null || trace.span == null ? null : trace.span.child(name, kind);
    }

    /** What a part of the request's work belongs to: its own span, else the request's trace, else a new one. */
    public static Trace within(@Nullable OpenSpan span, @Nullable Trace trace, String requestId) {
        if (span != null) {
            return of(span);
        }
        return trace != null ? new Trace(trace.context, null) : new Trace(TraceContext.begin(requestId), null);
    }
}
