package dev.verge.cache.store;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the disk can be written, and when to try again. A failing disk is left alone for a while, longer each time. */
final class DiskHealth {
    private static final Logger LOG = LoggerFactory.getLogger(DiskHealth.class);
    private static final long LOG_EVERY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(15).toNanos();

    private final CacheMeters meters;
    private long lastLogged = System.nanoTime() - LOG_EVERY_NANOS;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    private long pauseEnds;
    private volatile @Nullable Failing failing;
    private volatile @Nullable Instant away;

    DiskHealth(CacheMeters meters) {
        this.meters = meters;
    }

    private record Failing(String problem, Instant since) {}

    CacheHealth report() {
        Instant left = away;
        if (left != null) {
            return new CacheHealth(CacheHealth.Disk.AWAY, "it is another process's", left);
        }
        Failing now = failing;
        return now == null
                ? CacheHealth.WORKING
                : new CacheHealth(CacheHealth.Disk.FAILING, now.problem(), now.since());
    }

    /** Whether writes are welcome. */
    boolean mayWrite() {
        return failing == null && away == null;
    }

    /** Whether it is time to look whether the disk works again. */
    synchronized boolean mayTry() {
        return away == null && failing != null && System.nanoTime() - pauseEnds >= 0;
    }

    /** Another process has it: no more writes until {@link #comeBack}. */
    void leave() {
        away = Instant.now();
    }

    /** It has come back, and is to be opened again before it is used. */
    synchronized void comeBack() {
        Instant left = away;
        if (left != null) {
            failing = new Failing("it was another process's", left);
            pauseEnds = System.nanoTime();
            away = null;
        }
    }

    /** Something could not be read: counted and told, no reason to stop writing. */
    void readFailed(IOException failure) {
        meters.diskErrors.increment();
        tell("read", failure);
    }

    /** Something could not be written: no more writes until {@link #works}. */
    void writeFailed(String what, IOException failure) {
        meters.diskErrors.increment();
        synchronized (this) {
            Failing before = failing;
            Instant since = before == null ? Instant.now() : before.since();
            if (before == null) {
                pauseNanos = FIRST_PAUSE_NANOS;
                pauseEnds = System.nanoTime() + pauseNanos;
            }
            failing = new Failing("cannot " + what + ": " + failure.getMessage(), since);
        }
        tell(what, failure);
    }

    /** It was tried again in vain. */
    void stillFails(IOException failure) {
        writeFailed("write", failure);
        synchronized (this) {
            pauseNanos = Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
            pauseEnds = System.nanoTime() + pauseNanos;
        }
    }

    /** It works again. */
    synchronized void works() {
        Failing before = failing;
        if (before != null) {
            failing = null;
            LOG.info("cache disk works again; it failed since {}", before.since());
        }
    }

    private synchronized void tell(String what, IOException failure) {
        long now = System.nanoTime();
        if (away == null && now - lastLogged >= LOG_EVERY_NANOS) {
            lastLogged = now;
            LOG.warn("cache disk cannot {}: {}; serving goes on without it", what, failure.getMessage());
        }
    }
}
