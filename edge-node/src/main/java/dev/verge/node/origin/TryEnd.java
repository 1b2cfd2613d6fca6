package dev.verge.node.origin;

import dev.verge.balancer.TryFailure;
import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeError;
import io.vertx.core.Future;

/** How one try ended. */
public sealed interface TryEnd {

    /**
     * The response head is there.
     *
     * @param fields end-to-end fields
     * @param body fails when the origin cuts it short or stalls
     */
    record Answered(int status, HttpFields fields, Body body) implements TryEnd {}

    /**
     * The origin has left HTTP as it was asked to (RFC 9110 §7.8).
     *
     * @param fields end-to-end fields, and {@code Upgrade} with the protocol
     * @param body what the origin sends; cancelling it ends the tunnel
     * @param over completes when both directions have ended, whatever ended them
     */
    record Switched(HttpFields fields, Body.Streamed body, Future<Void> over) implements TryEnd {}

    /** The sender of the request stopped in the middle of its content, or wants what cannot be had: no origin is to blame. */
    record SenderFailed(EdgeError error) implements TryEnd {}

    /**
     * No response head.
     *
     * @param sent whether any byte of the request may have reached the origin
     * @param bodyTaken whether a streamed request body has been touched and cannot be sent again
     * @param keptConnection whether the connection had served an earlier request and ended without a byte in answer: its origin may
     *     have closed it before it saw the request
     */
    record Failed(TryFailure failure, EdgeError error, boolean sent, boolean bodyTaken, boolean keptConnection)
            implements TryEnd {}

    /** No connection became free in time: a limit of the pool, and nobody's fault. */
    record NoRoom(EdgeError error) implements TryEnd {}
}
