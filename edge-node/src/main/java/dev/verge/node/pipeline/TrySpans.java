package dev.verge.node.pipeline;

import dev.verge.balancer.Endpoint;
import dev.verge.node.origin.TryEnd;
import dev.verge.node.trace.OpenSpan;
import dev.verge.node.trace.Trace;
import io.opentelemetry.api.trace.SpanKind;
import org.jspecify.annotations.Nullable;

/** What spans say of tries at origins, and of functions' fetches elsewhere: from choosing it to its answer's head. */
final class TrySpans {
    private static final int CLIENT_ERROR = 400;
    private static final int SWITCHING_PROTOCOLS = 101;

    private TrySpans() {}

    /**
     * A try begins.
     *
     * @param target path and query
     * @param resend how many went before
     * @param hedge whether another one is under way
     * @return null when it is not recorded
     */
    static @Nullable OpenSpan begin(
            @Nullable Trace trace, String method, Endpoint endpoint, String target, int resend, boolean hedge) {
        OpenSpan span = Trace.child(trace, RequestSpans.method(method), SpanKind.CLIENT);
        if (span == null) {
            return null;
        }
        RequestSpans.request(span, method)
                .set("server.address", endpoint.host())
                .set("server.port", endpoint.port())
                .set("url.full", (endpoint.secure() ? "https://" : "http://") + place(endpoint) + shown(target));
        if (resend > 0) {
            span.set("http.request.resend_count", resend);
        }
        if (hedge) {
            span.set("verge.hedge", true);
        }
        return span;
    }

    private static String place(Endpoint endpoint) {
        String host = endpoint.host().indexOf(':') < 0 ? endpoint.host() : "[" + endpoint.host() + "]";
        return host + ":" + endpoint.port();
    }

    private static String shown(String target) {
        int query = target.indexOf('?');
        return query < 0
                ? target
                : target.substring(0, query + 1) + RequestSpans.withoutSecrets(target.substring(query + 1));
    }

    static void end(@Nullable OpenSpan span, TryEnd ended) {
        if (span == null) {
            return;
        }
        switch (ended) {
            case TryEnd.Answered answered -> {
                span.set("http.response.status_code", answered.status());
                if (answered.status() >= CLIENT_ERROR) {
                    span.failed(Integer.toString(answered.status()));
                }
            }
            case TryEnd.Switched _ -> span.set("http.response.status_code", SWITCHING_PROTOCOLS);
            case TryEnd.SenderFailed sender -> RequestSpans.failed(span, sender.error());
            case TryEnd.NoRoom full -> RequestSpans.failed(span, full.error());
            case TryEnd.Failed failed -> RequestSpans.failed(span, failed.error());
        }
        span.end();
    }

    /** Nobody waits any more. */
    static void cancelled(@Nullable OpenSpan span) {
        if (span != null) {
            span.set("error.type", "cancelled").end();
        }
    }
}
