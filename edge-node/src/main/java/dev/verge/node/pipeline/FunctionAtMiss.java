package dev.verge.node.pipeline;

import dev.verge.node.observe.Stage;
import io.vertx.core.Future;

/** Runs the function that answers in place of the origin when the cache cannot; its answer may be stored. */
final class FunctionAtMiss implements Phase {
    private final FunctionCalls functions;

    FunctionAtMiss(FunctionCalls functions) {
        this.functions = functions;
    }

    @Override
    public String title() {
        return "function at miss";
    }

    @Override
    public Stage stage() {
        return Stage.FUNCTION;
    }

    @Override
    public Future<Step> apply(RequestState state) {
        String use = state.requirePlan().missFunction();
        if (use == null) {
            return Step.goOn(state);
        }
        return functions.call(state, use).map(answer -> {
            RequestState ran = state.with(answer.trail());
            return switch (answer) {
                case FunctionCalls.Answered answered -> new Step.Continue(ran.with(answered.fetched()));
                case FunctionCalls.PassThrough through -> new Step.Continue(ran);
                case FunctionCalls.NoAnswer failed -> new Step.Fail(ran, failed.error());
            };
        });
    }
}
