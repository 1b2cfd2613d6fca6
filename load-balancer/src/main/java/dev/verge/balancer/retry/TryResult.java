package dev.verge.balancer.retry;

/** How a try ended, as far as retrying is concerned. */
public sealed interface TryResult {

    /** No connection: refused, unreachable, TLS failed, or not established in time. Nothing was sent. */
    record ConnectFailed() implements TryResult {}

    /** The connection ended before any byte of the response. */
    record Reset() implements TryResult {}

    /** No response head in time. */
    record TimedOut() implements TryResult {}

    /** A response head arrived. */
    record Status(int code) implements TryResult {}

    /** Anything else: a broken response, a body cut short, a request that broke a rule. Never retried. */
    record Broken() implements TryResult {}
}
