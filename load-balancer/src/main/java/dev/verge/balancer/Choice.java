package dev.verge.balancer;

import org.jspecify.annotations.Nullable;

/** What {@link UpstreamCall#next} found. */
public sealed interface Choice {

    /**
     * An origin to try. The caller owns the lease and closes it.
     *
     * @param setCookie value of a {@code Set-Cookie} field that keeps the client at this origin; null: nothing to set. It
     *     belongs to this client alone: never store it with the response
     */
    record Picked(Lease lease, @Nullable String setCookie) implements Choice {}

    /** No origin may be tried. */
    record NoneUsable(Reason reason) implements Choice {}

    /** A limit of the pool is reached; nothing was reserved. */
    record Overloaded(Limit limit) implements Choice {}

    /** Why no origin may be tried. */
    enum Reason {
        /** Every origin fails its active checks. */
        ALL_DOWN,
        /** Every usable origin has been tried. */
        ALL_TRIED
    }

    /** The limits of a pool, each of them counted when it holds something back. */
    enum Limit {
        MAX_REQUESTS,
        MAX_PENDING,
        /** No connection became free within {@code timeouts.queue}. Found by who connects, so never part of a choice. */
        MAX_CONNECTIONS,
        /** The retry budget is used up. Part of a retry decision, never of a choice. */
        RETRY_BUDGET
    }
}
