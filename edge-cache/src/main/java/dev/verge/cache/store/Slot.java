package dev.verge.cache.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One entry on disk, as the index knows it: 80 bytes, and 16 to 24 more where its blocks do not lie together. All fields but
 * {@code frequency} belong to {@link DiskIndex} and its lock.
 */
final class Slot {
    /** Enough to tell "asked for again" from "asked for often" (S3-FIFO). */
    private static final int MAX_FREQUENCY = 3;

    final long id;
    /** {@link KeyHash} of its key; the key itself is in the head. */
    final long hash;

    /** Number of the latest purge mark when its fetch began. */
    long epoch;

    /** Where its head begins, in bytes from its first block. */
    private long headAt;

    private int headBytes;
    private int firstBlock;
    private int firstBlocks;
    private int @Nullable [] moreRuns;

    boolean inMain;
    /** Open readers; the blocks stay while there are any. */
    int readers;
    /** Out of the index: no new reader may start, and the blocks go when the last one ends. */
    boolean removed;

    @Nullable
    Slot previous;

    @Nullable
    Slot next;

    /** The next one in the same bucket of the index. */
    @Nullable
    Slot chained;

    /** A hint: written without a lock, and losing an update harms nobody. */
    volatile byte frequency;

    Slot(long id, long hash, long epoch, boolean inMain, Place place) {
        this.id = id;
        this.hash = hash;
        this.epoch = epoch;
        this.inMain = inMain;
        moveTo(place);
    }

    /** Where the parts of an entry are: its body from its first block on, its head anywhere behind. */
    record Place(Extents extents, long headAt, int headBytes) {
        /** Bytes that count against the bound. */
        long bytes() {
            return (long) extents.blocks() * DataFile.BLOCK_BYTES + DiskIndex.ROW_BYTES;
        }

        /** Blocks that hold nothing but the head; 0 when it shares them with the body. */
        int ownHeadBlocks() {
            return headAt % DataFile.BLOCK_BYTES == 0 ? DataFile.blocksFor(headBytes) : 0;
        }
    }

    void moveTo(Place place) {
        int[] runs = place.extents().runs();
        firstBlock = runs[0];
        firstBlocks = runs[1];
        moreRuns = runs.length == 2 ? null : Arrays.copyOfRange(runs, 2, runs.length);
        headAt = place.headAt();
        headBytes = place.headBytes();
    }

    Place place() {
        Extents extents = Extents.run(firstBlock, firstBlocks);
        int[] more = moreRuns;
        return new Place(more == null ? extents : extents.plus(new Extents(more)), headAt, headBytes);
    }

    long bytes() {
        long blocks = firstBlocks;
        int[] more = moreRuns;
        for (int i = 1; more != null && i < more.length; i += 2) {
            blocks += more[i];
        }
        return blocks * DataFile.BLOCK_BYTES + DiskIndex.ROW_BYTES;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // a hint, see above
    void touch() {
        if (frequency < MAX_FREQUENCY) {
            frequency++;
        }
    }
}
