package dev.verge.node.exchange;

import io.vertx.core.Future;

/** Where the answer to one request goes. Used on the request's event loop alone. */
public interface ResponseSink {

    /**
     * Writes the whole response, its body with back-pressure, and owns the body from now on. Called once. Never fails: a client that
     * went away, or a body that broke, is told in the result.
     */
    Future<Sent> send(EdgeResponse response);

    /** Run once if the client goes away before the response was sent; at once if it has gone already. */
    void onGone(Runnable action);

    /**
     * What became of a response.
     *
     * @param status 0 when no head was written
     * @param bytes content bytes handed to the connection
     * @param received bytes that the client sent through a tunnel; 0 for every other response
     * @param end how it ended
     */
    record Sent(int status, long bytes, long received, End end) {
        /** What became of a response that was no tunnel. */
        public Sent(int status, long bytes, End end) {
            this(status, bytes, 0, end);
        }
    }

    /** How a response ended. */
    enum End {
        COMPLETE,
        CLIENT_GONE,
        BODY_BROKEN,
        /** A tunnel in which nothing moved for too long. */
        IDLE
    }
}
