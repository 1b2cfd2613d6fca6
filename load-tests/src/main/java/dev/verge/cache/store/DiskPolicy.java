package dev.verge.cache.store;

import dev.verge.load.jmh.traces.Policy;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * The real index of the disk tier without the disk: it finds, counts and evicts as {@link DiskTier} makes it, so that millions of
 * accesses take seconds. In this package because the index is nobody else's business.
 */
@NullMarked
public final class DiskPolicy implements Policy {
    private final DiskIndex index;
    private final long[] weights;
    private long nextId = 1;

    /**
     * An empty index.
     *
     * @param bound bytes that may live, counted as the tier counts them: see {@link #counted}
     * @param weights bytes of each object, body and head
     */
    public DiskPolicy(long bound, long[] weights) {
        this.index = new DiskIndex(bound, Integer.MAX_VALUE);
        this.weights = weights;
    }

    /** What the disk tier counts for objects of these bytes: whole blocks and a row each. */
    public static long[] counted(long[] weights) {
        return Arrays.stream(weights)
                .map(bytes -> (long) blocks(bytes) * DataFile.BLOCK_BYTES + DiskIndex.ROW_BYTES)
                .toArray();
    }

    private static int blocks(long bytes) {
        return Math.max(1, DataFile.blocksFor(bytes));
    }

    @Override
    public boolean access(int object) {
        // Any spread of the number will do as a name; the index only compares it.
        long hash = object * 0x9E3779B97F4A7C15L;
        List<Slot> found = index.find(hash);
        if (!found.isEmpty()) {
            found.getFirst().touch();
            return true;
        }
        int blocks = blocks(weights[object]);
        @Nullable Extents room = index.take(blocks, DiskIndex.ROW_BYTES);
        while (room == null) {
            @Nullable Slot victim = index.evict();
            if (victim == null) {
                return false;
            }
            index.unpin(victim);
            room = index.take(blocks, DiskIndex.ROW_BYTES);
        }
        index.add(new Slot(nextId++, hash, 0, false, new Slot.Place(room, 0, 1)));
        return false;
    }
}
