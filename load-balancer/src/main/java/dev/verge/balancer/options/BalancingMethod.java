package dev.verge.balancer.options;

/** How an origin is chosen among the usable ones. Written in lower case with dashes, such as {@code random-two}. */
public enum BalancingMethod {
    /** Each in turn by weight, spread evenly (smooth weighted round-robin). */
    ROUND_ROBIN,
    /** The one with the fewest requests in flight for its weight. */
    LEAST_REQUESTS,
    /** The less loaded of two drawn at random by weight. */
    RANDOM_TWO,
    /** Of two drawn at random, the one with the lower latency (peak-sensitive average) times requests in flight. */
    PEAK_EWMA,
    /** The same origin for the same client address. */
    IP_HASH,
    /** The same origin for the same {@code hashOn} value, as long as that origin is not overloaded. */
    CONSISTENT_HASH
}
