package dev.verge.node.server;

import dev.verge.node.config.Limits;
import dev.verge.node.server.watch.LoopWatch.Watched;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends a stream whose client leaves its window closed. Streams only: the connection may look lively all the while, and {@link SlowReader}
 * sees nothing that is not taken.
 */
public final class StreamStall extends Watched {
    private final boolean applies;
    private final Limits limits;
    private final @Nullable LongSupplier progress;
    private final Runnable end;
    private boolean waiting;
    private long sinceNanos;
    private long limitNanos;
    private long seen;

    /**
     * Nothing is waited for yet.
     *
     * @param stream whether the response is a stream among others of its connection
     * @param progress changes as long as the client takes something; null where that cannot be told before all of it is gone
     * @param end ends it
     */
    public StreamStall(boolean stream, Limits limits, @Nullable LongSupplier progress, Runnable end) {
        this.applies = stream && limits.minResponseBytesPerSecond() > 0;
        this.limits = limits;
        this.progress = progress;
        this.end = end;
    }

    /** The client has to take something before more can be sent. */
    public void waits(long pendingBytes) {
        waiting = applies;
        if (waiting) {
            Duration unseen = progress == null
                    ? Duration.ofMillis(pendingBytes * 1000 / limits.minResponseBytesPerSecond())
                    : Duration.ZERO;
            limitNanos = limits.idle().plus(unseen).toNanos();
            sinceNanos = System.nanoTime();
            seen = progress();
        }
    }

    /** It has. */
    public void moved() {
        waiting = false;
    }

    private long progress() {
        LongSupplier known = progress;
        return known == null ? 0 : known.getAsLong();
    }

    @Override
    protected void look(long nanos) {
        if (!waiting) {
            return;
        }
        long now = progress();
        if (now != seen) {
            seen = now;
            sinceNanos = nanos;
        } else if (nanos - sinceNanos > limitNanos) {
            waiting = false;
            end.run();
        }
    }
}
