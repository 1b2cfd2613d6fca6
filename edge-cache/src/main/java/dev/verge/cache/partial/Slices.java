package dev.verge.cache.partial;

import dev.verge.cache.http.ContentRange;

/** How an object is cut: every slice but the last has the same size. */
public final class Slices {
    /** Bytes of a slice: a seek costs one at least, and each costs an entry. */
    public static final long BYTES = 1 << 20;

    private Slices() {}

    /** The number of the slice that holds an offset. */
    public static long index(long offset) {
        return offset / BYTES;
    }

    public static long first(long index) {
        return index * BYTES;
    }

    /** Offset of the last byte that a slice can have, when the length of the object is not known. */
    static long last(long index) {
        long first = first(index);
        return first > Long.MAX_VALUE - BYTES ? Long.MAX_VALUE : first + BYTES - 1;
    }

    /** The place of a slice in an object of that length. */
    public static ContentRange range(long index, long complete) {
        return new ContentRange(first(index), Math.min(last(index), complete - 1), complete);
    }
}
