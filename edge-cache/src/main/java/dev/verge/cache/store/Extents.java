package dev.verge.cache.store;

import java.util.Arrays;

/**
 * Which blocks of the data file hold an entry, in order. Immutable.
 *
 * @param runs first block and number of blocks, again and again
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out of this package, never changed
record Extents(int... runs) {
    static final Extents NONE = new Extents();

    static Extents run(int first, int count) {
        return new Extents(first, count);
    }

    int count() {
        return runs.length / 2;
    }

    int first(int run) {
        return runs[2 * run];
    }

    int blocks(int run) {
        return runs[2 * run + 1];
    }

    int blocks() {
        int sum = 0;
        for (int i = 0; i < count(); i++) {
            sum = Math.addExact(sum, blocks(i));
        }
        return sum;
    }

    /** Behind the last of the blocks, as they lie in the file; {@code Long.MAX_VALUE} when a run makes no sense. */
    long end() {
        long end = 0;
        for (int i = 0; i < count(); i++) {
            boolean possible = first(i) >= 0 && blocks(i) > 0;
            if (!possible) {
                return Long.MAX_VALUE;
            }
            end = Math.max(end, (long) first(i) + blocks(i));
        }
        return end;
    }

    /** These blocks, then the others; neighbours become one run. */
    Extents plus(Extents other) {
        if (runs.length == 0 || other.runs.length == 0) {
            return runs.length == 0 ? other : this;
        }
        boolean joins = first(count() - 1) + blocks(count() - 1) == other.first(0);
        int[] all = Arrays.copyOf(runs, runs.length + other.runs.length - (joins ? 2 : 0));
        if (joins) {
            all[runs.length - 1] += other.blocks(0);
            System.arraycopy(other.runs, 2, all, runs.length, other.runs.length - 2);
        } else {
            System.arraycopy(other.runs, 0, all, runs.length, other.runs.length);
        }
        return new Extents(all);
    }

    /** The first so many blocks. */
    Extents upTo(int limit) {
        Extents part = NONE;
        int left = limit;
        for (int i = 0; i < count() && left > 0; i++) {
            int taken = Math.min(left, blocks(i));
            part = part.plus(run(first(i), taken));
            left -= taken;
        }
        return part;
    }

    /** All but the first so many blocks. */
    Extents from(int skipped) {
        Extents part = NONE;
        int left = skipped;
        for (int i = 0; i < count(); i++) {
            int passed = Math.min(left, blocks(i));
            left -= passed;
            if (passed < blocks(i)) {
                part = part.plus(run(first(i) + passed, blocks(i) - passed));
            }
        }
        return part;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Extents extents && Arrays.equals(runs, extents.runs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(runs);
    }

    @Override
    public String toString() {
        return Arrays.toString(runs);
    }
}
