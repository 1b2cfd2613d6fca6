package dev.verge.sync.server;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When the streams are told of what is new. Rounds over all of them keep a distance that grows with their number: a commit after a calm goes
 * out at once, and of many in a row each stream gets as many as have come since the last round, in one message that it answers once. On
 * one context.
 */
final class Rounds {
    /** About four times what a message to a node and its answer take here: the rest of the time is for the changes themselves. */
    private static final Duration REST_PER_STREAM = Duration.ofNanos(80_000);

    private static final Duration MOST_REST = Duration.ofMillis(200);

    /** After a failure. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Runnable round;
    private long from = System.nanoTime();
    private boolean waiting;

    /** @param round begins one */
    Rounds(Vertx vertx, Runnable round) {
        this.vertx = vertx;
        this.round = round;
    }

    /** There may be something new: a round begins as soon as it may. */
    void wanted() {
        if (waiting) {
            return;
        }
        long wait = from - System.nanoTime();
        if (wait <= 0) {
            round.run();
        } else {
            in(Duration.ofNanos(wait));
        }
    }

    /** A round has gone to so many streams. */
    void done(int streams) {
        from = System.nanoTime() + Math.min(MOST_REST.toNanos(), streams * REST_PER_STREAM.toNanos());
    }

    /** It is not known what is new: a round after a while tries again. */
    void failed() {
        if (!waiting) {
            in(AGAIN);
        }
    }

    private void in(Duration wait) {
        waiting = true;
        vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait.toNanos())), id -> {
            waiting = false;
            round.run();
        });
    }
}
