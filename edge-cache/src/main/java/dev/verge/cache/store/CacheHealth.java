package dev.verge.cache.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the cache does, for a readiness view. A failing disk is no reason to stop serving: memory and origins go on.
 *
 * @param problem what fails, for an operator; null when nothing does
 * @param since when it began to fail; null when nothing does
 */
public record CacheHealth(
        Disk disk, @Nullable String problem, @Nullable Instant since) {
    static final CacheHealth WORKING = new CacheHealth(Disk.WORKING, null, null);
    static final CacheHealth WITHOUT_DISK = new CacheHealth(Disk.NONE, null, null);

    /** The disk tier. */
    public enum Disk {
        /** There is none, by configuration. */
        NONE,
        WORKING,
        /** Nothing is written to it until it works again, which is tried every few seconds. */
        FAILING,
        /** Another process has the folder; what it holds is still read as long as it is intact. */
        AWAY
    }
}
