package dev.verge.cache.collapse;

import dev.verge.cache.store.Fill;

/** How a fetch ended for those who waited for it: a closed list. */
public sealed interface Ending {
    /**
     * The response is being stored, or just was: check that its {@code Vary} matches, then follow the fill; when it offers no
     * reader any more, look up again.
     */
    record Stored(Fill fill) implements Ending {}

    /** What was stored holds again: look up again. */
    record Refreshed() implements Ending {}

    /** The response is not for sharing: fetch for yourself. */
    record Uncacheable() implements Ending {}

    /** The origin gave no usable answer: serve stale, or join again once; then fail, or it is asked once more for each waiter. */
    record Failed() implements Ending {}

    /** It took too long: fetch for yourself. */
    record TimedOut() implements Ending {}

    /** The answer was about the leader's own request (its range, its credentials): join again, a few times at most. */
    record ForLeaderAlone() implements Ending {}

    /** The leader left without an answer, its client being gone: join again, one of the waiters takes over. */
    record LeaderGone() implements Ending {}
}
