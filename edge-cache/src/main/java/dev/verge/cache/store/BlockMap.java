package dev.verge.cache.store;

import java.util.BitSet;

/**
 * Which blocks of the data file are taken: one bit each. Blocks are given out from where the last ones were, round and round, so
 * that what is written together lies together and old holes have time to grow. Guarded by the index's lock.
 */
final class BlockMap {
    /** Holes looked at for one that takes everything, before several are used. */
    private static final int HOLES_TRIED = 32;

    private final int blocks;
    private final BitSet taken;
    private int free;
    private int next;

    BlockMap(int blocks) {
        this.blocks = blocks;
        this.taken = new BitSet();
        this.free = blocks;
    }

    int free() {
        return free;
    }

    /**
     * Takes blocks.
     *
     * @throws IllegalStateException when there are not so many: who calls has counted them
     */
    Extents take(int count) {
        if (count > free) {
            throw new IllegalStateException(count + " blocks asked for, " + free + " free");
        }
        if (count == 0) {
            return Extents.NONE;
        }
        int whole = wholeHole(count);
        Extents result = whole < 0 ? pieces(count) : Extents.run(whole, count);
        for (int i = 0; i < result.count(); i++) {
            taken.set(result.first(i), result.first(i) + result.blocks(i));
            next = result.first(i) + result.blocks(i);
        }
        free -= count;
        return result;
    }

    /** The first block of a hole that takes everything; -1 when none is near. */
    private int wholeHole(int count) {
        int at = next;
        for (int i = 0; i < HOLES_TRIED; i++) {
            int first = taken.nextClearBit(at);
            if (first >= blocks) {
                at = 0;
                continue;
            }
            int end = endOfHole(first);
            if (end - first >= count) {
                return first;
            }
            at = end;
        }
        return -1;
    }

    private int endOfHole(int first) {
        int end = taken.nextSetBit(first);
        return end < 0 ? blocks : end;
    }

    private Extents pieces(int count) {
        Extents all = Extents.NONE;
        int at = next;
        int left = count;
        while (left > 0) {
            int first = taken.nextClearBit(at);
            if (first >= blocks) {
                at = 0;
                continue;
            }
            int size = Math.min(left, endOfHole(first) - first);
            all = all.plus(Extents.run(first, size));
            left -= size;
            at = first + size;
        }
        return all;
    }

    void give(Extents extents) {
        for (int i = 0; i < extents.count(); i++) {
            taken.clear(extents.first(i), extents.first(i) + extents.blocks(i));
        }
        free += extents.blocks();
    }

    /** Takes these very blocks; false, and nothing is taken, when one of them is taken already or outside of the file. */
    boolean claim(Extents extents) {
        for (int i = 0; i < extents.count(); i++) {
            int first = extents.first(i);
            long end = (long) first + extents.blocks(i);
            boolean possible = first >= 0 && end > first && end <= blocks;
            int set = possible ? taken.nextSetBit(first) : first;
            if (!possible || (set >= 0 && set < end)) {
                for (int j = 0; j < i; j++) {
                    taken.clear(extents.first(j), extents.first(j) + extents.blocks(j));
                }
                return false;
            }
            taken.set(first, (int) end);
        }
        free -= extents.blocks();
        return true;
    }

    /** Goes on behind the last block in use, as after a start. */
    void continueBehind(int block) {
        next = block >= blocks ? 0 : block;
    }
}
