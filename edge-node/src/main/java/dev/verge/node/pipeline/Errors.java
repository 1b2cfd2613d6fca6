package dev.verge.node.pipeline;

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
            return new Step.Respond(state.with(state.trail().withError(answer.word())), Grpc.error(answer));
        }
        EdgeResponse page = ErrorPage.render(
                answer,
                state.request().fields().first("accept"),
                state.requestId(),
                site == null ? null : site.errorPage(answer.status(), state.requestId()));
        state.request().body().discard();
        return new Step.Respond(state.with(state.trail().withError(answer.word())), page);
    }

    /** Over HTTP/1 there is no gRPC, whatever the fields say. */
    private static boolean answersGrpc(RequestState state) {
        return !state.request().caller().protocol().startsWith("HTTP/1")
                && Grpc.is(state.request().fields().first("content-type"));
    }
}
