package dev.verge.cache.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Slots by hash. It grows by one bucket with each entry (linear hashing), so no call ever waits for a table being copied, whatever
 * its size. Four bytes a slot. Guarded by the index's lock.
 */
final class SlotTable {
    private static final int SEGMENT_BITS = 12;
    private static final int SEGMENT = 1 << SEGMENT_BITS;

    private @Nullable Slot[][] segments = {new @Nullable Slot[SEGMENT]};
    /** Buckets at the last doubling: a power of two. */
    private int base = SEGMENT;
    /** Buckets below this have been split since. */
    private int split;

    private int entries;

    int entries() {
        return entries;
    }

    List<Slot> find(long hash) {
        List<Slot> found = List.of();
        for (Slot slot = head(bucket(hash)); slot != null; slot = slot.chained) {
            if (slot.hash == hash) {
                if (found.isEmpty()) {
                    found = new ArrayList<>(2);
                }
                found.add(slot);
            }
        }
        return found;
    }

    void add(Slot slot) {
        push(slot);
        entries++;
        if (entries > base + split) {
            splitNext();
        }
    }

    boolean remove(Slot slot) {
        int bucket = bucket(slot.hash);
        @Nullable Slot before = null;
        for (Slot at = head(bucket); at != null; at = at.chained) {
            if (at == slot) {
                if (before == null) {
                    setHead(bucket, slot.chained);
                } else {
                    before.chained = slot.chained;
                }
                slot.chained = null;
                entries--;
                return true;
            }
            before = at;
        }
        return false;
    }

    private int bucket(long hash) {
        int low = (int) hash & (base - 1);
        return low < split ? (int) hash & (2 * base - 1) : low;
    }

    private void push(Slot slot) {
        int bucket = bucket(slot.hash);
        slot.chained = head(bucket);
        setHead(bucket, slot);
    }

    private void splitNext() {
        int added = base + split;
        if (added >> SEGMENT_BITS == segments.length) {
            segments = Arrays.copyOf(segments, segments.length + 1);
            segments[segments.length - 1] = new @Nullable Slot[SEGMENT];
        }
        Slot moving = head(split);
        setHead(split, null);
        split++;
        while (moving != null) {
            Slot following = moving.chained;
            push(moving);
            moving = following;
        }
        if (split == base) {
            base *= 2;
            split = 0;
        }
    }

    private @Nullable Slot head(int bucket) {
        return segments[bucket >> SEGMENT_BITS][bucket & (SEGMENT - 1)];
    }

    private void setHead(int bucket, @Nullable Slot slot) {
        segments[bucket >> SEGMENT_BITS][bucket & (SEGMENT - 1)] = slot;
    }
}
