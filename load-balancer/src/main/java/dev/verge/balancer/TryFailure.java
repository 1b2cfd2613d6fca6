package dev.verge.balancer;

/** How a try ended without a complete answer from the origin. */
public enum TryFailure {
    /** Connection refused, host unreachable, name not resolved. */
    REFUSED,
    /** TLS could not be established. */
    TLS_FAILED,
    /** No connection within {@code timeouts.connect}. */
    CONNECT_TIMEOUT,
    /** The connection ended before any byte of the response. */
    RESET,
    /** No response head within {@code firstByte}, {@code perTryTimeout} or {@code total}. */
    TIMEOUT,
    /** The response head was not HTTP. */
    BAD_RESPONSE,
    /** The response body ended early or stalled; the head had been received. */
    BODY_CUT
}
