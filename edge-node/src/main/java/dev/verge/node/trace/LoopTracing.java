package dev.verge.node.trace;

import dev.verge.node.exchange.ClientRequest;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import org.jspecify.annotations.Nullable;

/** Decides for the requests of one event loop whether they are recorded. Not thread-safe. */
public final class LoopTracing {
    private final @Nullable Tracer tracer;
    private final Sampler sampler;

    /** @param tracer null: nothing is recorded */
    LoopTracing(@Nullable Tracer tracer, double rate) {
        this.tracer = tracer;
        this.sampler = new Sampler(tracer == null ? 0 : rate);
    }

    /**
     * Which requests without a believed {@code traceparent} are recorded. Who answers a request without {@link #begin} asks
     * {@link Sampler#isDue} before, leaves one that is due to the ordinary path, and {@link Sampler#take}s the others.
     */
    public Sampler sampler() {
        return sampler;
    }

    /**
     * The trace of a request that came in; null when it has none yet, and gets a number only if it goes further. A trusted peer's word
     * decides where it says something, else chance does.
     */
    public @Nullable Trace begin(ClientRequest request) {
        if (request.caller().trusted()) {
            TraceContext parent = TraceContext.read(request.fields());
            if (parent != null) {
                return tracer != null && parent.sampled() ? server(tracer, parent) : new Trace(parent, null);
            }
        }
        if (tracer != null && sampler.take()) {
            return server(tracer, null);
        }
        // The request's id is the peer's word then, and no name for a trace.
        return request.caller().trusted() && request.fields().contains("x-request-id")
                ? new Trace(TraceContext.begin(""), null)
                : null;
    }

    private static Trace server(Tracer tracer, @Nullable TraceContext parent) {
        return Trace.of(OpenSpan.first(tracer, "request", SpanKind.SERVER, parent));
    }

    /** The trace of work that no request asked for; null when it is not recorded. */
    public @Nullable Trace begin(String name) {
        return tracer != null && sampler.take()
                ? Trace.of(OpenSpan.first(tracer, name, SpanKind.INTERNAL, null))
                : null;
    }
}
