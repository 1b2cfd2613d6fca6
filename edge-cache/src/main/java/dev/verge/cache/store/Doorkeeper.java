package dev.verge.cache.store;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Says which bodies are worth a place in memory once they were read from the disk. While memory has room, all are; once it pushes others
 * out, those that were read from the disk before, not longer ago than memory could have kept them. Others would only be pushed out again,
 * or push out what is asked for more often: a set much larger than memory, asked for at random, and every scan. Safe for all threads; a
 * lost update or two keys in one place cost a body its place, or give it one.
 */
final class Doorkeeper {
    /** Enough to tell apart what a memory tier of some gibibytes may hold; 256 KiB of heap. */
    private static final int PLACES = 1 << 16;

    /** Longer ago than any number of keys that memory holds. */
    private static final int NEVER = 1 << 30;

    private final int[] lastReads = new int[PLACES];
    private final AtomicInteger reads = new AtomicInteger(NEVER);
    private volatile int lastEviction;

    /** Memory has pushed out a key. */
    void evicted() {
        lastEviction = reads.get();
    }

    /**
     * Counts a read.
     *
     * @param hash of the key that was read from the disk
     * @param keys that memory holds
     * @return whether the body is worth a place
     */
    boolean admits(long hash, long keys) {
        int now = reads.incrementAndGet();
        int place = (int) hash & (PLACES - 1);
        int before = lastReads[place];
        lastReads[place] = now;
        return now - before <= keys || now - lastEviction > keys;
    }
}
