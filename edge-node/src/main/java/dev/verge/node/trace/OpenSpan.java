package dev.verge.node.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Work of a recorded request that goes on. What is never ended is never told of. */
public final class OpenSpan {
    /** Spans of one request: a large object comes in thousands of slices, and none of them tells more than the first ones. */
    static final int MOST = 256;

    private final Tracer tracer;
    private final Span span;
    private final TraceContext context;
    private final AtomicInteger left;

    private OpenSpan(Tracer tracer, Span span, String state, AtomicInteger left) {
        this.tracer = tracer;
        this.span = span;
        this.left = left;
        SpanContext place = span.getSpanContext();
        this.context = new TraceContext(place.getTraceId(), place.getSpanId(), true, state);
    }

    /** @param parent null for a new trace */
    static OpenSpan first(Tracer tracer, String name, SpanKind kind, @Nullable TraceContext parent) {
        Context above = parent == null ? Context.root() : Context.root().with(Span.wrap(remote(parent)));
        Span span = tracer.spanBuilder(name).setSpanKind(kind).setParent(above).startSpan();
        return new OpenSpan(tracer, span, parent == null ? "" : parent.state(), new AtomicInteger(MOST - 1));
    }

    private static SpanContext remote(TraceContext parent) {
        TraceStateBuilder state = io.opentelemetry.api.trace.TraceState.builder();
        String[] members =
                parent.state().isEmpty() ? new String[0] : parent.state().split(",", -1);
        for (int i = members.length - 1; i >= 0; i--) {
            int equals = members[i].indexOf('=');
            state.put(members[i].substring(0, equals), members[i].substring(equals + 1));
        }
        return SpanContext.createFromRemoteParent(
                parent.traceId(), parent.spanId(), TraceFlags.getSampled(), state.build());
    }

    /** What is sent on from here belongs under this. */
    public TraceContext context() {
        return context;
    }

    /** Begins a part of this work; null when the request has no more spans left. */
    public @Nullable OpenSpan child(String name, SpanKind kind) {
        return child(name, kind, null);
    }

    /**
     * The same for one that began earlier.
     *
     * @param at when it began; null for now
     */
    public @Nullable OpenSpan child(String name, SpanKind kind, @Nullable Instant at) {
        if (left.getAndDecrement() <= 0) {
            return null;
        }
        SpanBuilder begun = tracer.spanBuilder(name)
                .setSpanKind(kind)
                .setParent(Context.root().with(span));
        if (at != null) {
            begun.setStartTimestamp(at);
        }
        return new OpenSpan(tracer, begun.startSpan(), context.state(), left);
    }

    public OpenSpan named(String name) {
        span.updateName(name);
        return this;
    }

    /**
     * Tells something of it.
     *
     * @param value null: the attribute is left out
     */
    public OpenSpan set(String attribute, @Nullable String value) {
        if (value != null) {
            span.setAttribute(attribute, value);
        }
        return this;
    }

    public OpenSpan set(String attribute, long value) {
        span.setAttribute(attribute, value);
        return this;
    }

    public OpenSpan set(String attribute, double value) {
        span.setAttribute(attribute, value);
        return this;
    }

    public OpenSpan set(String attribute, boolean value) {
        span.setAttribute(attribute, value);
        return this;
    }

    /**
     * It did not do what it should.
     *
     * @param type {@code error.type}, from a short list
     */
    public OpenSpan failed(String type) {
        span.setAttribute("error.type", type);
        span.setStatus(StatusCode.ERROR);
        return this;
    }

    public void end() {
        span.end();
    }

    public void end(Instant at) {
        span.end(at);
    }
}
