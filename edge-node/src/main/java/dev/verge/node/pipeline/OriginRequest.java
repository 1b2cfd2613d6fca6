package dev.verge.node.pipeline;

import dev.verge.balancer.Endpoint;
import dev.verge.balancer.RequestTraits;
import dev.verge.balancer.options.PoolOptions;
import dev.verge.cache.decision.Validation;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.node.origin.ForwardedFields;
import dev.verge.node.rules.RequestPlan;
import dev.verge.node.trace.OpenSpan;
import dev.verge.node.trace.Trace;
import dev.verge.node.trace.TraceContext;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * The request as an origin gets it, but for what depends on which origin it is.
 *
 * @param target path and query after rewriting, without the pool's prefix
 * @param fields all fields but {@code Host} and {@code traceparent}
 * @param trace what is sent on belongs to, where a try has no span of its own
 * @param publicHost what {@code ${host}} stands for
 */
record OriginRequest(
        String method,
        String target,
        HttpFields fields,
        TraceContext trace,
        String publicHost,
        RequestHead asked,
        String clientIp)
        implements RequestTraits {

    /** Rebuilds the request from the state; a fill asks for the whole response, with the cache's own conditions. */
    static OriginRequest of(RequestState state, NodeIdentity node) {
        RequestPlan plan = state.requirePlan();
        RequestHead head = state.head();
        HttpFields asked = head.fields();
        String method = head.method();
        if (state.turn() instanceof CacheTurn.Fill fill) {
            asked = Validation.forFill(head, fill.conditions()).fields();
            method = "GET";
        }
        String publicHost = node.publicHost(state.scheme(), state.host());
        HttpFields fields = ForwardedFields.toOrigin(
                        asked, state.request().caller(), publicHost, state.requestId(), node.installation())
                .build();
        String target = plan.query() == null ? plan.path() : plan.path() + "?" + plan.query();
        return new OriginRequest(
                method,
                target,
                fields,
                Trace.within(null, state.trace(), state.requestId()).context(),
                publicHost,
                head,
                NetUtil.toAddressString(state.clientAddress()));
    }

    /** @param span of the try; null when it is not recorded */
    HttpFields fieldsFor(Endpoint endpoint, PoolOptions pool, @Nullable OpenSpan span) {
        HttpFields.Builder sent = fields.toBuilder().add("host", hostFor(endpoint, pool));
        (span == null ? trace : span.context()).addTo(sent);
        return sent.build();
    }

    String targetFor(PoolOptions pool) {
        String prefix = pool.pathPrefix();
        return prefix == null || prefix.isEmpty() ? target : prefix + target;
    }

    private String hostFor(Endpoint endpoint, PoolOptions pool) {
        String own = endpoint.origin().hostHeader();
        String policy = own != null ? own : pool.hostHeader();
        return policy.isEmpty() ? endpoint.authority() : policy.replace("${host}", publicHost);
    }

    @Override
    public String path() {
        return asked.path();
    }

    @Override
    public @Nullable String query() {
        return asked.query();
    }

    @Override
    public @Nullable String header(String name) {
        return asked.fields().first(name);
    }

    @Override
    public @Nullable String cookie(String name) {
        for (String line : asked.fields().all("cookie")) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    return pair.substring(equals + 1).strip();
                }
            }
        }
        return null;
    }
}
