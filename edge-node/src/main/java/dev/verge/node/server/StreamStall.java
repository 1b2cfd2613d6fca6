package dev.verge.node.server;

import dev.verge.node.config.Limits;
import dev.verge.node.server.watch.LoopWatch.Watched;
import java.time.Duration;

/**
 * Ends a stream whose client leaves its window closed. HTTP/2 only: the connection may look lively all the while, and {@link SlowReader}
 * sees nothing that is not taken.
 */
public final class StreamStall extends Watched {
    private final boolean applies;
    private final Limits limits;
    private final Runnable end;
    private boolean waiting;
    private long sinceNanos;
    private long limitNanos;

    /**
     * Nothing is waited for yet.
     *
     * @param stream whether the response is a stream among others of its connection
     * @param end ends it
     */
    public StreamStall(boolean stream, Limits limits, Runnable end) {
        this.applies = stream && limits.minResponseBytesPerSecond() > 0;
        this.limits = limits;
        this.end = end;
    }

    /** The client has to take something before more can be sent. */
    public void waits(long pendingBytes) {
        waiting = applies;
        sinceNanos = System.nanoTime();
        if (waiting) {
            Duration slowest = Duration.ofMillis(pendingBytes * 1000 / limits.minResponseBytesPerSecond());
            limitNanos = limits.idle().plus(slowest).toNanos();
        }
    }

    /** It has. */
    public void moved() {
        waiting = false;
    }

    @Override
    protected void look(long nanos) {
        if (waiting && nanos - sinceNanos > limitNanos) {
            waiting = false;
            end.run();
        }
    }
}
