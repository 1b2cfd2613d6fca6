package dev.verge.node.pipeline;

import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.ResponseSink.End;
import dev.verge.node.exchange.ResponseSink.Sent;
import dev.verge.node.observe.AccessLog;
import dev.verge.node.observe.AccessRecord;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.site.Site;
import dev.verge.node.trace.Trace;
import dev.verge.node.trace.TraceContext;
import dev.verge.node.usage.UsageMeter;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/** Counts and logs a finished request. */
final class Recorder {
    private final AccessLog log;
    private final NodeMetrics metrics;
    private final UsageMeter usage;

    Recorder(AccessLog log, NodeMetrics metrics, UsageMeter usage) {
        this.usage = usage;
        this.log = log;
        this.metrics = metrics;
    }

    void record(RequestState state, Sent sent) {
        ClientRequest request = state.request();
        Trail trail = state.trail();
        Site site = state.site();
        long nanos = System.nanoTime() - request.startNanos();
        metrics.finished(sent.status(), trail.cache(), sent.bytes(), nanos);
        if (site != null) {
            long in = request.body().length() + sent.received();
            usage.answered(site, sent.status(), trail.cache(), in, sent.bytes(), nanos);
        }
        String error = error(trail, sent.end());
        if (trail.isTunnel()) {
            metrics.tunnels().ended(error == null ? "complete" : error, sent.bytes(), sent.received());
        }
        String authority = request.authority();
        log.add(new AccessRecord(
                request.at(),
                state.requestId(),
                NetUtil.toAddressString(state.clientAddress()),
                request.method(),
                state.scheme(),
                authority == null ? "" : authority,
                request.target(),
                request.caller().protocol(),
                sent.status(),
                sent.bytes(),
                sent.received(),
                nanos / 1000,
                trail.cache(),
                site == null ? null : site.account(),
                site == null ? null : site.name(),
                trail.origin(),
                trail.tries(),
                trail.function(),
                trail.outcome(),
                error,
                traceId(state),
                request.fields().first("user-agent"),
                request.fields().first("referer")));
    }

    /** What is not recorded has a trace once it has gone further than this node, by its request's id. */
    private static @Nullable String traceId(RequestState state) {
        Trace trace = state.trace();
        if (trace != null) {
            return trace.context().traceId();
        }
        Trail trail = state.trail();
        boolean wentOn = trail.origin() != null || trail.function() != null;
        return wentOn && TraceContext.isTraceId(state.requestId()) ? state.requestId() : null;
    }

    private static @Nullable String error(Trail trail, End end) {
        return switch (end) {
            case COMPLETE -> trail.error();
            case CLIENT_GONE -> "client-gone";
            case BODY_BROKEN -> "body-broken";
            case IDLE -> "idle";
        };
    }
}
