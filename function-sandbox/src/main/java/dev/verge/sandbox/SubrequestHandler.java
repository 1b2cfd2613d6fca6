package dev.verge.sandbox;

import io.vertx.core.Future;

/** Answers the {@code fetch()} of a function. */
@FunctionalInterface
public interface SubrequestHandler {
    /** Refuses every subrequest. */
    SubrequestHandler NONE = request -> Future.failedFuture("fetch is not available here");

    /**
     * Called on the context of the call.
     *
     * @return the response; a failed future rejects the function's promise with a {@code TypeError} whose message is that of
     *     the failure, so it must not tell inner addresses
     */
    Future<SubrequestResponse> handle(Subrequest request);
}
