package dev.verge.sandbox;

import io.vertx.core.Future;

/** A run in progress. */
public interface FunctionInvocation {
    /**
     * Completes on the context of the call when the response head is there or the run is over. Fails only with
     * {@link NoHostException}.
     */
    Future<FunctionResult> result();

    /** The caller went away: stops the run, whose outcome becomes {@code CANCELLED}. Without effect when it is over. */
    void cancel();
}
