package dev.verge.cache.store;

import dev.verge.cache.store.Slot.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is on disk, kept in memory (about 90 bytes an entry): which keys exist, which blocks are theirs, and which entry goes next.
 *
 * <p>Eviction follows S3-FIFO: new entries enter a small queue; those asked for again move to the main one, the others leave and are
 * remembered by name, so that their return goes to the main queue directly. In the main queue an entry that was asked for gets
 * another round.
 *
 * <p>Live bytes are the blocks of entries in the index, of entries removed but still read or not yet struck from the rows, and of
 * fills under way, and a flat charge for each entry's row. The data file has a little more room than the bound, so that free blocks
 * are always near.
 */
final class DiskIndex {
    /** Charged for an entry's row: what RocksDB keeps for it at the worst moment of a compaction. */
    static final long ROW_BYTES = 256;

    private static final int SMALL_QUEUE_SHARE = 10;
    private static final int MAX_GHOSTS = 500_000;
    private static final long TYPICAL_ENTRY_BYTES = 16 << 10;
    /** One part in so many of the bound, and some MiB, is room beyond it. */
    private static final int SPARE_SHARE = 25;

    private static final long SPARE_BYTES = 8L << 20;

    private final long bound;
    private final int mostEntries;
    private final int fileBlocks;
    private final BlockMap blocks;
    private final SlotTable table = new SlotTable();
    private final SlotQueue small = new SlotQueue();
    private final SlotQueue main = new SlotQueue();
    private final Ghosts ghosts;
    private long liveBytes;

    /**
     * Nothing is on disk yet.
     *
     * @param bound of live bytes
     * @param mostEntries about so many at a time: beyond it none gets room before another has gone
     */
    DiskIndex(long bound, int mostEntries) {
        this.bound = bound;
        this.mostEntries = mostEntries;
        this.fileBlocks = fileBlocks(bound);
        this.blocks = new BlockMap(fileBlocks);
        this.ghosts = new Ghosts((int) Math.min(MAX_GHOSTS, bound / TYPICAL_ENTRY_BYTES));
    }

    /** How many blocks the data file may have. */
    int fileBlocks() {
        return fileBlocks;
    }

    private static int fileBlocks(long bound) {
        long bytes = bound + bound / SPARE_SHARE + SPARE_BYTES;
        return (int) Math.min(Integer.MAX_VALUE - 8, bytes / DataFile.BLOCK_BYTES);
    }

    /** The entries whose keys have that hash; empty when there are none. */
    synchronized List<Slot> find(long hash) {
        return table.find(hash);
    }

    synchronized long liveBytes() {
        return liveBytes;
    }

    synchronized long entries() {
        return table.entries();
    }

    /** The oldest purge epoch of any entry: marks older than that match nothing. */
    synchronized long oldestEpoch(long none) {
        long oldest = none;
        for (SlotQueue queue : List.of(small, main)) {
            for (Slot slot = queue.oldest(); slot != null; slot = slot.next) {
                oldest = Math.min(oldest, slot.epoch);
            }
        }
        return oldest;
    }

    /** Takes blocks and counts them; null when the bound would be exceeded. */
    synchronized @Nullable Extents take(int count, long charge) {
        long bytes = (long) count * DataFile.BLOCK_BYTES + charge;
        if (liveBytes + bytes > bound || count > blocks.free() || table.entries() >= mostEntries) {
            return null;
        }
        liveBytes += bytes;
        return blocks.take(count);
    }

    /** Gives back what {@link #take} gave. */
    synchronized void give(Extents extents, long charge) {
        liveBytes -= (long) extents.blocks() * DataFile.BLOCK_BYTES + charge;
        blocks.give(extents);
    }

    /** Takes a free block beyond the bound for a moment; null when there is none. */
    synchronized @Nullable Extents borrow() {
        return blocks.free() == 0 ? null : blocks.take(1);
    }

    synchronized void giveBack(Extents borrowed) {
        blocks.give(borrowed);
    }

    /** Adds an entry whose blocks and row are already counted. */
    synchronized void add(Slot slot) {
        table.add(slot);
        if (ghosts.remove(slot.hash, Math.max(1_000, table.entries()))) {
            slot.inMain = true;
        }
        queueOf(slot).add(slot);
    }

    /** Adds an entry found at start, the latest first; false when its blocks are outside of the file or taken by a later one. */
    synchronized boolean restore(Slot slot) {
        if (!blocks.claim(slot.place().extents())) {
            return false;
        }
        liveBytes += slot.bytes();
        table.add(slot);
        queueOf(slot).addOldest(slot);
        return true;
    }

    /** Where to go on writing, after everything was restored. */
    synchronized void continueBehind(Slot latest) {
        Extents extents = latest.place().extents();
        int last = extents.count() - 1;
        blocks.continueBehind(extents.first(last) + extents.blocks(last));
    }

    /** Where the parts of an entry are now. */
    synchronized Place place(Slot slot) {
        return slot.place();
    }

    /**
     * Moves an entry's head, whose new blocks are already counted.
     *
     * @return the blocks that are free to be given back; null when the entry is gone, and then the new ones are the caller's
     */
    synchronized @Nullable Extents move(Slot slot, Place place, long epoch) {
        if (slot.removed) {
            return null;
        }
        Place before = slot.place();
        Extents free = before.extents().from(before.extents().blocks() - before.ownHeadBlocks());
        slot.moveTo(place);
        slot.epoch = epoch;
        queueOf(slot).grown(place.bytes() - before.bytes());
        return free;
    }

    /** Keeps the blocks of an entry until {@link #unpin}; false when it is gone. While somebody reads it, it is not. */
    synchronized boolean pin(Slot slot) {
        if (slot.removed && slot.readers == 0) {
            return false;
        }
        slot.readers++;
        return true;
    }

    /** Ends one use of an entry; the last one of a removed entry frees its blocks. */
    synchronized void unpin(Slot slot) {
        slot.readers--;
        if (slot.removed && slot.readers == 0) {
            give(slot.place().extents(), ROW_BYTES);
        }
    }

    /**
     * Takes an entry out.
     *
     * @return true when the caller must strike its row, and then {@link #unpin} it: until then nobody else writes to its blocks;
     *     false when somebody else removed it
     */
    synchronized boolean remove(Slot slot) {
        if (slot.removed) {
            return false;
        }
        slot.removed = true;
        slot.readers++;
        if (table.remove(slot)) {
            queueOf(slot).remove(slot);
        }
        return true;
    }

    synchronized boolean isRemoved(Slot slot) {
        return slot.removed;
    }

    /** Every entry. */
    synchronized List<Slot> all() {
        List<Slot> all = new ArrayList<>(table.entries());
        for (SlotQueue queue : List.of(small, main)) {
            for (Slot slot = queue.oldest(); slot != null; slot = slot.next) {
                all.add(slot);
            }
        }
        return all;
    }

    /** Takes everything out; there are no rows left to strike. */
    synchronized void removeAll() {
        for (SlotQueue queue : List.of(small, main)) {
            for (Slot slot = queue.oldest(); slot != null; slot = queue.oldest()) {
                if (remove(slot)) {
                    unpin(slot);
                }
            }
        }
    }

    /**
     * Takes the next victim out of the index; the caller strikes its row and unpins it, see {@link #remove}.
     *
     * @return null when nothing can go: the index is empty, or everything is being read
     */
    synchronized @Nullable Slot evict() {
        // Each step lowers a frequency, moves an entry forward or skips a pinned one, so this many steps see
        // everything.
        for (long steps = table.entries() * 5L; steps >= 0; steps--) {
            boolean fromSmall = small.oldest() != null
                    && (main.oldest() == null || small.bytes() > Math.min(bound, liveBytes) / SMALL_QUEUE_SHARE);
            Slot oldest = fromSmall ? small.oldest() : main.oldest();
            if (oldest == null) {
                return null;
            }
            if (oldest.readers == 0 && oldest.frequency == 0) {
                remove(oldest);
                if (fromSmall) {
                    ghosts.add(oldest.hash);
                }
                return oldest;
            }
            queueOf(oldest).remove(oldest);
            if (fromSmall) {
                oldest.inMain = true;
                oldest.frequency = 0;
            } else if (oldest.frequency > 0) {
                oldest.frequency--;
            }
            main.add(oldest);
        }
        return null;
    }

    private SlotQueue queueOf(Slot slot) {
        return slot.inMain ? main : small;
    }
}
