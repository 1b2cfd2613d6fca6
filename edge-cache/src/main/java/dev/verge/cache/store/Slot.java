package dev.verge.cache.store;

import org.jspecify.annotations.Nullable;

/** One entry on disk, as the index knows it. All fields but {@code frequency} belong to {@link DiskIndex} and its lock. */
final class Slot {
    /** Enough to tell "asked for again" from "asked for often" (S3-FIFO). */
    private static final int MAX_FREQUENCY = 3;

    final long id;
    final KeyHash key;
    final long bytes;
    final int chunks;
    long epoch;
    boolean inMain;
    /** Open readers; the chunks stay while there are any. */
    int readers;
    /** Out of the index: no new reader may start, and the chunks go when the last one ends. */
    boolean removed;

    @Nullable
    Slot previous;

    @Nullable
    Slot next;

    /** A hint: written without a lock, and losing an update harms nobody. */
    volatile int frequency;

    Slot(long id, KeyHash key, long bytes, int chunks, long epoch, boolean inMain) {
        this.id = id;
        this.key = key;
        this.bytes = bytes;
        this.chunks = chunks;
        this.epoch = epoch;
        this.inMain = inMain;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // a hint, see above
    void touch() {
        if (frequency < MAX_FREQUENCY) {
            frequency++;
        }
    }
}
