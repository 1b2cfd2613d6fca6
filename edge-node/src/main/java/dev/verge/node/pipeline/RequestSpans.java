package dev.verge.node.pipeline;

import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.ErrorAnswer;
import dev.verge.node.exchange.ResponseSink.End;
import dev.verge.node.exchange.ResponseSink.Sent;
import dev.verge.node.rules.RequestPlan;
import dev.verge.node.site.Site;
import dev.verge.node.trace.OpenSpan;
import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What spans say of requests, in the words of OpenTelemetry's conventions for HTTP where it has them. */
final class RequestSpans {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE", "QUERY");

    /** Arguments whose values open something. */
    private static final Set<String> SECRETS = Set.of(
            "awsaccesskeyid",
            "signature",
            "sig",
            "x-goog-signature",
            "x-goog-credential",
            "x-amz-signature",
            "x-amz-credential",
            "x-amz-security-token",
            "access_token",
            "token",
            "api_key",
            "apikey",
            "key",
            "password");

    private static final int SERVER_ERROR = 500;

    private RequestSpans() {}

    /** The request is over. */
    static void end(OpenSpan span, RequestState state, Sent sent) {
        ClientRequest request = state.request();
        Caller caller = request.caller();
        Trail trail = state.trail();
        String route = route(state);
        request(span, request.method());
        span.named(route == null ? method(request.method()) : method(request.method()) + " " + route)
                .set("http.route", route)
                .set("url.scheme", state.scheme())
                .set("url.path", request.path())
                .set("url.query", withoutSecrets(request.query()))
                .set("server.address", state.host().isEmpty() ? null : state.host())
                .set("client.address", NetUtil.toAddressString(caller.client()))
                .set("network.peer.address", NetUtil.toAddressString(caller.peer()))
                .set("network.protocol.name", "http")
                .set("network.protocol.version", caller.viaVersion())
                .set("user_agent.original", request.fields().first("user-agent"))
                .set("http.response.body.size", sent.bytes())
                .set("verge.request_id", state.requestId())
                .set("verge.cache.status", trail.cache())
                .set("verge.function", trail.function());
        if (trail.hedges() > 0) {
            span.set("verge.hedges", trail.hedges());
        }
        if (sent.status() > 0) {
            span.set("http.response.status_code", sent.status());
        }
        Site site = state.site();
        if (site != null) {
            span.set("verge.site", site.name()).set("verge.account", site.account());
        }
        ended(span, trail, sent);
        span.end();
    }

    private static void ended(OpenSpan span, Trail trail, Sent sent) {
        String error = trail.error();
        if (sent.end() == End.BODY_BROKEN) {
            span.failed("body-broken");
        } else if (sent.status() >= SERVER_ERROR) {
            span.failed(error == null ? Integer.toString(sent.status()) : error);
        } else if (sent.end() == End.CLIENT_GONE) {
            span.set("error.type", "client-gone"); // not a failure of the server
        } else {
            span.set("error.type", error);
        }
    }

    /** A function's fetch of its own site has its answer. */
    static void answered(OpenSpan span, RequestState state, int status) {
        Site site = state.site();
        span.set("http.response.status_code", status)
                .set("verge.cache.status", state.trail().cache())
                .set("verge.site", site == null ? null : site.name())
                .end();
    }

    /** The method; one that is nobody's is not made a value of its own. */
    static OpenSpan request(OpenSpan span, String method) {
        return METHODS.contains(method)
                ? span.set("http.request.method", method)
                : span.set("http.request.method", "_OTHER").set("http.request.method_original", method);
    }

    /** For the name of a span. */
    static String method(String method) {
        return METHODS.contains(method) ? method : "HTTP";
    }

    static void failed(OpenSpan span, EdgeError error) {
        span.failed(ErrorAnswer.of(error).word());
    }

    /** Site, and the rule that decided: there are no more of them than in the configuration. */
    private static @Nullable String route(RequestState state) {
        Site site = state.site();
        if (site == null) {
            return null;
        }
        RequestPlan plan = state.plan();
        return plan == null || plan.matched().isEmpty()
                ? site.name()
                : site.name() + "/" + plan.matched().getLast();
    }

    /** The query with the values of credentials replaced. */
    static @Nullable String withoutSecrets(@Nullable String query) {
        if (query == null || query.indexOf('=') < 0) {
            return query;
        }
        StringBuilder shown = new StringBuilder(query.length());
        for (String argument : query.split("&", -1)) {
            int equals = argument.indexOf('=');
            boolean secret =
                    equals > 0 && SECRETS.contains(argument.substring(0, equals).toLowerCase(Locale.ROOT));
            shown.append(shown.isEmpty() ? "" : "&")
                    .append(secret ? argument.substring(0, equals + 1) + "REDACTED" : argument);
        }
        return shown.toString();
    }
}
