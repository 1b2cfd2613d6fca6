package dev.verge.balancer;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * A time limit for somebody else's answer. When it goes off late, this process did not get to look for a while (it starved, or its event
 * loop was busy), and the answer may be there unread: as much time again is given, a few times at most, so that nobody is blamed for our
 * own delay. Used on one event loop.
 */
public final class FairLimit {
    /** Below it, the delay of a timer is that of any timer. */
    public static final Duration LATE = Duration.ofMillis(20);

    /** How often the limit is moved: a node that is always late must come to an end, too. */
    public static final int MOST_MOVES = 2;

    private static final Duration LONGEST_MOVE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Duration move;
    private final Runnable passed;
    private int moves;
    private long timer;

    private FairLimit(Vertx vertx, Duration time, Runnable passed) {
        this.vertx = vertx;
        this.move = move(time);
        this.passed = passed;
        this.timer = arm(time);
    }

    /**
     * Sets a limit.
     *
     * @param time at least 1 ms is waited; with delays of our own up to {@link #longest}
     * @param passed run on the context of the caller, once, unless the limit is lifted before
     */
    public static FairLimit in(Vertx vertx, Duration time, Runnable passed) {
        return new FairLimit(vertx, time, passed);
    }

    /** The longest that a limit of that time can last; for what is closed behind it in any case. */
    public static Duration longest(Duration time) {
        return time.plus(move(time).multipliedBy(MOST_MOVES));
    }

    /** By how much such a limit is moved at most, at a time. */
    public static Duration move(Duration time) {
        return time.compareTo(LONGEST_MOVE) < 0 ? time : LONGEST_MOVE;
    }

    /** There is no limit any more. */
    public void lift() {
        vertx.cancelTimer(timer);
    }

    private long arm(Duration wait) {
        long due = System.nanoTime() + wait.toNanos();
        return vertx.setTimer(Math.max(1, wait.toMillis()), ignored -> over(Duration.ofNanos(System.nanoTime() - due)));
    }

    private void over(Duration late) {
        if (late.compareTo(LATE) > 0 && moves++ < MOST_MOVES) {
            timer = arm(late.compareTo(move) < 0 ? late : move);
        } else {
            passed.run();
        }
    }
}
