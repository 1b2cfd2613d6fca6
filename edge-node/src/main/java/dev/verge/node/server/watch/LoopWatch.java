package dev.verge.node.server.watch;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at everything on one event loop that has a time limit, ten times a second. One look at a field costs less than a timer
 * that is set and cancelled with every request. All of it belongs to its loop's thread.
 */
public final class LoopWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);

    static final Duration PERIOD = Duration.ofMillis(100);
    private static final FastThreadLocal<LoopWatch> OF_LOOP = new FastThreadLocal<>();

    private @Nullable Watched first;

    /** Something with a time limit; a link of its loop's list. */
    public abstract static class Watched {
        private @Nullable Watched next;
        private @Nullable Watched previous;
        private boolean listed;

        /** Looks whether a limit has passed. May leave the list. */
        protected abstract void look(long nanos);
    }

    private LoopWatch() {}

    /** The one of this event loop, whose thread calls. */
    public static LoopWatch of(EventLoop loop) {
        LoopWatch present = OF_LOOP.getIfExists();
        if (present != null) {
            return present;
        }
        LoopWatch made = new LoopWatch();
        OF_LOOP.set(made);
        var _ = loop.scheduleWithFixedDelay(made::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return made;
    }

    public void add(Watched watched) {
        if (!watched.listed) {
            watched.listed = true;
            watched.next = first;
            watched.previous = null;
            if (first != null) {
                first.previous = watched;
            }
            first = watched;
        }
    }

    public void remove(Watched watched) {
        if (!watched.listed) {
            return;
        }
        watched.listed = false;
        Watched before = watched.previous;
        Watched after = watched.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        watched.previous = null;
    }

    private void look() {
        long now = System.nanoTime();
        Watched each = first;
        while (each != null) {
            // Who leaves the list while being looked at keeps its way on.
            Watched next = each.next;
            try {
                each.look(now);
            } catch (RuntimeException fault) {
                LOG.error("a time limit could not be looked at", fault); // the others must hold all the same
            }
            each = next;
        }
    }
}
