package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpDate;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.node.exchange.ClientTls;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.site.Site;
import java.time.Instant;
import java.util.Locale;

/** The fields by which a client sees how its answer came about. */
final class ClientFields {
    private ClientFields() {}

    static EdgeResponse complete(RequestState state, EdgeResponse response, NodeIdentity node, Instant now) {
        HttpFields received = response.fields();
        HttpFields.Builder fields = received.toBuilder();
        if (!received.contains("date")) {
            fields.add("date", HttpDate.format(now));
        }
        String via = received.combined("via");
        fields.set("via", via == null ? "1.1 verge" : via + ", 1.1 verge");
        CacheStatus status = state.trail().cacheStatus();
        boolean debug = debugs(state);
        if (status != null) {
            CacheStatus shown = debug && state.plan() != null
                    ? status.key(CacheLookup.key(state, state.head()).text())
                    : status;
            fields.set("cache-status", shown.after(received.combined("cache-status")));
        }
        if (!state.trail().cache().equals("hit")) {
            fields.set("x-request-id", state.requestId());
        }
        if (debug) {
            double millis = (System.nanoTime() - state.request().startNanos()) / 1e6;
            fields.add("server-timing", "verge;dur=" + String.format(Locale.ROOT, "%.3f", millis));
            String rules = DebugTrace.of(state, response.status());
            if (rules != null) {
                fields.set("verge-trace", rules);
            }
        }
        ClientTls tls = state.request().caller().tls();
        // Where clients are asked for certificates, the other way would only be misdirected.
        String alternatives = tls == null || tls.terms().clients() != null ? null : node.alternatives();
        if (alternatives != null) {
            fields.set("alt-svc", alternatives);
        }
        if (state.affinityCookie() != null) {
            fields.add("set-cookie", state.affinityCookie());
        }
        return response.with(fields.build());
    }

    private static boolean debugs(RequestState state) {
        Site site = state.site();
        return site != null
                && "1".equals(state.request().fields().first("verge-debug"))
                && site.document().debug().allow().allows(state.clientAddress());
    }
}
