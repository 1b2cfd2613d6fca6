package dev.verge.node.pipeline;

import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.EdgeResponse;
import io.vertx.core.Future;

/** What a phase says. */
sealed interface Step {

    /** On to the next phase. */
    record Continue(RequestState state) implements Step {}

    /** This is the answer; the phases that make responses are left out. */
    record Respond(RequestState state, EdgeResponse response) implements Step {}

    /** There is none. */
    record Fail(RequestState state, EdgeError error) implements Step {}

    static Future<Step> goOn(RequestState state) {
        return Future.succeededFuture(new Continue(state));
    }

    static Future<Step> respond(RequestState state, EdgeResponse response) {
        return Future.succeededFuture(new Respond(state, response));
    }

    static Future<Step> fail(RequestState state, EdgeError error) {
        return Future.succeededFuture(new Fail(state, error));
    }
}
