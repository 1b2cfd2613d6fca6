package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.quota.Admission;
import dev.verge.node.quota.Quotas;
import dev.verge.node.site.Site;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Finds the site of the host, and holds the request against the quota of its account. */
final class Route implements Phase {
    private final NodeIdentity node;
    private final Quotas quotas;

    Route(NodeIdentity node, Quotas quotas) {
        this.node = node;
        this.quotas = quotas;
    }

    @Override
    public String title() {
        return "route";
    }

    @Override
    public Future<Step> apply(RequestState state) {
        Site site = state.routing().find(state.host());
        if (site == null) {
            return Step.fail(state, EdgeError.Refused.UNKNOWN_HOST);
        }
        RequestState routed = state.with(site);
        Admission.Refused refused =
                quotas.request(site.account(), state.request().startNanos());
        if (refused != null) {
            return Step.fail(routed, new EdgeError.OverQuota(refused.quota(), refused.retryAfter()));
        }
        if (site.document().tls().redirectHttp() && state.scheme().equals("http")) {
            String location = "https://" + node.publicHost("https", state.host())
                    + state.request().target();
            return Step.respond(routed, EdgeResponse.of(308, HttpFields.of("location", location), Buffer.buffer()));
        }
        EdgeError misdirected = TlsMatch.fault(
                state.request().caller(), state.host(), state.routing().terms(state.host()));
        return misdirected == null ? Step.goOn(routed) : Step.fail(routed, misdirected);
    }
}
