package dev.verge.node.pipeline;

import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.observe.Stage;
import dev.verge.node.rules.Ending;
import io.vertx.core.Future;

/** Runs the function that a rule chose to answer. What it answers is not stored. */
final class FunctionAtRequest implements Phase {
    private final FunctionCalls functions;

    FunctionAtRequest(FunctionCalls functions) {
        this.functions = functions;
    }

    @Override
    public String title() {
        return "function at request";
    }

    @Override
    public Stage stage() {
        return Stage.FUNCTION;
    }

    @Override
    public Future<Step> apply(RequestState state) {
        if (!(state.requirePlan().ending() instanceof Ending.Run run)) {
            return Step.goOn(state);
        }
        return functions.call(state, run.use()).map(answer -> {
            RequestState ran = state.with(answer.trail());
            return switch (answer) {
                case FunctionCalls.Answered answered ->
                    new Step.Respond(
                            ran,
                            new EdgeResponse(
                                    answered.fetched().status(),
                                    answered.fetched().fields(),
                                    answered.fetched().body(),
                                    false));
                case FunctionCalls.PassThrough through -> new Step.Continue(ran);
                case FunctionCalls.NoAnswer failed -> new Step.Fail(ran, failed.error());
            };
        });
    }
}
