package dev.verge.node.pipeline;

import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.rules.ResponsePlan;
import dev.verge.node.rules.SiteRules;
import dev.verge.node.site.Site;

/** Lets the site's rules change the fields of the answer. */
final class ResponseRules {
    private ResponseRules() {}

    static EdgeResponse apply(RequestState state, EdgeResponse response, NodeMetrics metrics) {
        Site site = state.site();
        if (site == null) {
            return response;
        }
        SiteRules rules = site.rules();
        if (rules.hasNoResponseRules()) {
            return response;
        }
        ResponsePlan plan = rules.response(state, response.status());
        metrics.expressionErrors(plan.expressionErrors());
        return response.with(FieldEdits.apply(plan.fields(), response.fields()));
    }
}
