package dev.verge.cache.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is on disk, kept in memory (about 200 bytes an entry): which keys exist, how many bytes live, and which entry goes next.
 *
 * <p>Eviction follows S3-FIFO: new entries enter a small queue; those asked for again move to the main one, the others leave and are
 * remembered by name, so that their return goes to the main queue directly. In the main queue an entry that was asked for gets
 * another round.
 *
 * <p>Live bytes are those of entries in the index, of entries removed but still read, and of fills under way.
 */
final class DiskIndex {
    private static final int SMALL_QUEUE_SHARE = 10;
    private static final int MAX_GHOSTS = 500_000;

    private final long bound;
    private final Map<KeyHash, List<Slot>> byKey = new HashMap<>();
    private final SlotQueue small = new SlotQueue();
    private final SlotQueue main = new SlotQueue();
    private final LinkedHashSet<KeyHash> ghosts = new LinkedHashSet<>();
    private long liveBytes;
    private long entries;

    DiskIndex(long bound) {
        this.bound = bound;
    }

    /** The entries of a key; empty when there are none. */
    synchronized List<Slot> find(KeyHash key) {
        List<Slot> slots = byKey.get(key);
        return slots == null ? List.of() : List.copyOf(slots);
    }

    synchronized long liveBytes() {
        return liveBytes;
    }

    synchronized long entries() {
        return entries;
    }

    /** The oldest purge epoch of any entry: marks older than that match nothing. */
    synchronized long oldestEpoch(long none) {
        long oldest = none;
        for (List<Slot> slots : byKey.values()) {
            for (Slot slot : slots) {
                oldest = Math.min(oldest, slot.epoch);
            }
        }
        return oldest;
    }

    /** Counts bytes that are about to be written; false when they would exceed the bound. */
    synchronized boolean reserve(long bytes) {
        if (liveBytes + bytes > bound) {
            return false;
        }
        liveBytes += bytes;
        return true;
    }

    synchronized void unreserve(long bytes) {
        liveBytes -= bytes;
    }

    /** Adds an entry whose bytes are already counted. */
    synchronized void add(Slot slot) {
        byKey.computeIfAbsent(slot.key, key -> new ArrayList<>(1)).add(slot);
        entries++;
        if (ghosts.remove(slot.key)) {
            slot.inMain = true;
        }
        queueOf(slot).add(slot);
    }

    /** Adds an entry found at start. */
    synchronized void restore(Slot slot) {
        liveBytes += slot.bytes;
        add(slot);
    }

    /** Keeps the chunks of an entry until {@link #unpin}; false when it is gone. While somebody reads it, it is not. */
    synchronized boolean pin(Slot slot) {
        if (slot.removed && slot.readers == 0) {
            return false;
        }
        slot.readers++;
        return true;
    }

    /** What is left to do for whoever removed an entry. */
    enum Removal {
        /** Delete its rows, then call {@link #deleted}. */
        DELETE,
        /** It is being read: make it invisible to later starts; who unpins it last deletes its chunks. */
        RETIRE,
        /** Somebody else removed it. */
        NOTHING
    }

    /** Returns true when the caller must delete the entry's rows now, and then {@link #deleted}. */
    synchronized boolean unpin(Slot slot) {
        slot.readers--;
        return slot.removed && slot.readers == 0;
    }

    /** Takes an entry out. */
    synchronized Removal remove(Slot slot) {
        if (slot.removed) {
            return Removal.NOTHING;
        }
        slot.removed = true;
        entries--;
        queueOf(slot).remove(slot);
        List<Slot> slots = byKey.get(slot.key);
        if (slots != null) {
            slots.remove(slot);
            if (slots.isEmpty()) {
                byKey.remove(slot.key);
            }
        }
        return slot.readers == 0 ? Removal.DELETE : Removal.RETIRE;
    }

    /** The rows are gone from disk. */
    synchronized void deleted(Slot slot) {
        liveBytes -= slot.bytes;
    }

    synchronized boolean isRemoved(Slot slot) {
        return slot.removed;
    }

    /**
     * Takes the next victim out of the index; the caller deletes its rows and calls {@link #deleted}.
     *
     * @return null when nothing can go: the index is empty, or everything is being read
     */
    synchronized @Nullable Slot evict() {
        // Each step lowers a frequency, moves an entry forward or skips a pinned one, so this many steps see
        // everything.
        for (long steps = entries * 5; steps >= 0; steps--) {
            boolean fromSmall =
                    small.oldest() != null && (main.oldest() == null || small.bytes() > bound / SMALL_QUEUE_SHARE);
            Slot oldest = fromSmall ? small.oldest() : main.oldest();
            if (oldest == null) {
                return null;
            }
            if (oldest.readers == 0 && oldest.frequency == 0) {
                remove(oldest);
                if (fromSmall) {
                    remember(oldest.key);
                }
                return oldest;
            }
            queueOf(oldest).remove(oldest);
            if (fromSmall) {
                oldest.inMain = true;
                oldest.frequency = 0;
            } else if (oldest.frequency > 0) {
                oldest.frequency = oldest.frequency - 1;
            }
            main.add(oldest);
        }
        return null;
    }

    private void remember(KeyHash key) {
        ghosts.add(key);
        long limit = Math.min(MAX_GHOSTS, Math.max(1_000, entries));
        while (ghosts.size() > limit) {
            ghosts.removeFirst();
        }
    }

    private SlotQueue queueOf(Slot slot) {
        return slot.inMain ? main : small;
    }
}
