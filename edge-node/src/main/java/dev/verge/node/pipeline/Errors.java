package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.exchange.ErrorAnswer;
import dev.verge.node.exchange.ErrorPage;
import dev.verge.node.exchange.Grpc;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.site.Site;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into an answer, and tells operators. */
final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    private static final String PROXY_STATUS = "proxy-status";

    private final NodeMetrics metrics;

    Errors(NodeMetrics metrics) {
        this.metrics = metrics;
    }

    Step.Respond answer(Step.Fail failure) {
        RequestState state = failure.state();
        ErrorAnswer answer = ErrorAnswer.of(failure.error());
        metrics.error(answer.word());
        if (failure.error() instanceof EdgeError.Internal internal) {
            LOG.error("request {} failed inside the node", state.requestId(), internal.cause());
        }
        Site site = state.site();
        if (answersGrpc(state)) {
            state.request().body().discard();
            return respond(state, answer, Grpc.error(answer));
        }
        EdgeResponse page = ErrorPage.render(
                answer,
                state.request().fields().first("accept"),
                state.requestId(),
                site == null ? null : site.errorPage(answer.status(), state.requestId()));
        state.request().body().discard();
        return respond(state, answer, page);
    }

    private static Step.Respond respond(RequestState state, ErrorAnswer answer, EdgeResponse page) {
        Trail trail = state.trail();
        return new Step.Respond(
                state.with(trail.withError(answer.word())),
                trail.hedges() > 0 ? page.with(hedged(page.fields(), trail)) : page);
    }

    /** Says that tries ran beside each other (RFC 9209 §2.1.4): what one of them ended in is not all that was done. */
    private static HttpFields hedged(HttpFields fields, Trail trail) {
        String status = fields.first(PROXY_STATUS);
        return status == null
                ? fields
                : fields.with(
                        PROXY_STATUS,
                        status + "; details=\"" + trail.tries() + " tries, " + trail.hedges() + " beside another\"");
    }

    /** Over HTTP/1 there is no gRPC, whatever the fields say. */
    private static boolean answersGrpc(RequestState state) {
        return !state.request().caller().protocol().startsWith("HTTP/1")
                && Grpc.is(state.request().fields().first("content-type"));
    }
}
