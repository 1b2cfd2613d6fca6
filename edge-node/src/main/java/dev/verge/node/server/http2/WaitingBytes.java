package dev.verge.node.server.http2;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits in flow control for all HTTP/2 clients of a node together, bounded: a client may open as many streams as it is allowed and let
 * nothing of their answers pass. Beyond the bound those connections end for which most waits; who holds little is left alone.
 * Thread-safe.
 */
public final class WaitingBytes {
    /** Smaller changes are not told of: who has less waiting than this counts for nothing. */
    private static final int STEP = 16 << 10;

    private final long most;
    private final AtomicLong total = new AtomicLong();
    private final Set<Share> shares = ConcurrentHashMap.newKeySet();

    /** @param most bytes that may wait */
    public WaitingBytes(long most) {
        this.most = most;
    }

    /** Bytes that wait now, as far as they count. */
    public long total() {
        return total.get();
    }

    /** The share of one connection of which nothing waits yet; {@code end} ends it, on whatever thread. */
    Share share(Runnable end) {
        return new Share(end);
    }

    private synchronized void endLargest() {
        while (total.get() > most) {
            Share largest = shares.stream()
                    .max(Comparator.comparingLong(share -> share.counted))
                    .orElse(null);
            if (largest == null) {
                return;
            }
            largest.giveUp();
        }
    }

    /** What waits for one connection. */
    final class Share {
        private final Runnable end;
        private volatile long counted;
        private volatile boolean ended;

        private Share(Runnable end) {
            this.end = end;
        }

        /** So many bytes wait now; called by the connection's own thread. */
        void is(long bytes) {
            long change = bytes - counted;
            if (change == 0 || ended || (bytes > 0 && Math.abs(change) < STEP)) {
                return;
            }
            if (count(bytes) > most && change > 0) {
                endLargest();
            }
        }

        /** Not while the share is given up, or its bytes would be taken off twice. */
        private synchronized long count(long bytes) {
            if (ended) {
                return 0;
            }
            long change = bytes - counted;
            counted = bytes;
            if (bytes == 0) {
                shares.remove(this);
            } else {
                shares.add(this);
            }
            return total.addAndGet(change);
        }

        private void giveUp() {
            synchronized (this) {
                total.addAndGet(-counted);
                counted = 0;
                ended = true;
                shares.remove(this);
            }
            end.run();
        }
    }
}
