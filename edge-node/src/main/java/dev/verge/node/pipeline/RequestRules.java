package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.rules.Ending;
import dev.verge.node.rules.FieldChanges;
import dev.verge.node.rules.RateCheck;
import dev.verge.node.rules.RateLimiter;
import dev.verge.node.rules.RequestPlan;
import dev.verge.node.rules.SiteRules.Entry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** Asks the site's rules what to do, and does what needs no more than that. */
final class RequestRules implements Phase {
    private final RateLimiter limiter;
    private final NodeMetrics metrics;

    RequestRules(RateLimiter limiter, NodeMetrics metrics) {
        this.limiter = limiter;
        this.metrics = metrics;
    }

    @Override
    public String title() {
        return "request rules";
    }

    @Override
    public Future<Step> apply(RequestState state) {
        Entry entry = state.kind() == RequestState.Kind.CLIENT ? Entry.CLIENT : Entry.SUBREQUEST;
        RequestPlan plan = state.routedSite().rules().request(state, entry);
        metrics.expressionErrors(plan.expressionErrors());
        RequestState planned = state.with(plan);
        for (RateCheck check : plan.rateChecks()) {
            Duration wait = limiter.retryAfter(check, state.request().startNanos());
            if (wait != null) {
                return Step.fail(planned, new EdgeError.RateLimited(wait));
            }
        }
        return switch (plan.ending()) {
            case Ending.Pass pass -> Step.goOn(planned);
            case Ending.Run run -> Step.goOn(planned);
            case Ending.Deny deny -> Step.fail(planned, new EdgeError.Denied(deny.status()));
            case Ending.Redirect redirect ->
                Step.respond(
                        planned,
                        EdgeResponse.of(
                                redirect.status(), HttpFields.of("location", redirect.location()), Buffer.buffer()));
            case Ending.Respond respond ->
                Step.respond(
                        planned, EdgeResponse.of(respond.status(), fields(respond), Buffer.buffer(respond.body())));
        };
    }

    private static HttpFields fields(Ending.Respond respond) {
        HttpFields.Builder fields = HttpFields.builder();
        for (FieldChanges.Set field : respond.fields()) {
            fields.set(field.name(), field.value());
        }
        return fields.build();
    }
}
