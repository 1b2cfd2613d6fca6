package dev.verge.node.rules;

import java.time.Duration;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The token buckets of one limit, in two arrays: whose a bucket is, and when it will be full again. A key has its place in a set of
 * {@link #WAYS} slots. A bucket that is full again says nothing and gives its slot away first; when there is none, the table grows; when it
 * may not, the bucket goes that lacks the fewest tokens, so a flood of new keys, one token each, displaces itself and never a client that
 * has used up its own.
 */
final class RateTable {
    static final int SMALLEST = 64;
    static final int LARGEST = 65_536;

    private static final int WAYS = 8;
    private static final int GROWTH = 4;
    private static final long NOBODY = 0;

    private long[] keys = new long[SMALLEST];
    private long[] fullAt = new long[SMALLEST];
    private boolean retired;

    /** Slots, 16 bytes each. */
    synchronized int slots() {
        return keys.length;
    }

    /** The same; it will not grow any more. */
    synchronized int retire() {
        retired = true;
        return keys.length;
    }

    /**
     * Takes a token.
     *
     * @param key whose; not 0
     * @param perToken nanoseconds in which a token comes back
     * @param capacity nanoseconds in which an empty bucket is full again
     * @param now on the clock of {@link System#nanoTime}
     * @param mayGrow whether that many slots more may be had
     * @return null when there was one; else how long until there is
     */
    synchronized @Nullable Duration take(long key, long perToken, long capacity, long now, IntPredicate mayGrow) {
        int slot = slot(key, now);
        while (slot < 0) {
            int larger = keys.length * GROWTH;
            if (retired || larger > LARGEST || !mayGrow.test(larger - keys.length)) {
                slot = -slot - 1;
            } else {
                grow(larger);
                slot = slot(key, now);
            }
        }
        if (keys[slot] != key) {
            keys[slot] = key;
            fullAt[slot] = now;
        }
        long start = fullAt[slot] - now < 0 ? now : fullAt[slot];
        long wait = start + perToken - now - capacity;
        if (wait > 0) {
            return Duration.ofNanos(wait);
        }
        fullAt[slot] = start + perToken;
        return null;
    }

    /** The key's slot, or one that it may have; negative (-1 - slot) when a bucket that lacks tokens must go for it. */
    private int slot(long key, long now) {
        int first = set(key, keys.length);
        int best = first;
        long least = Long.MAX_VALUE;
        for (int i = first; i < first + WAYS; i++) {
            if (keys[i] == key) {
                return i;
            }
            long lacks = keys[i] == NOBODY ? 0 : Math.max(0, fullAt[i] - now);
            if (lacks < least) {
                least = lacks;
                best = i;
            }
        }
        return least == 0 ? best : -1 - best;
    }

    private static int set(long key, int slots) {
        return (int) (key & (slots / WAYS - 1)) * WAYS;
    }

    /** What was in one set goes into several: there is room for all of it. */
    private void grow(int slots) {
        long[] oldKeys = keys;
        long[] oldFullAt = fullAt;
        keys = new long[slots];
        fullAt = new long[slots];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != NOBODY) {
                int slot = set(oldKeys[i], slots);
                while (keys[slot] != NOBODY) {
                    slot++;
                }
                keys[slot] = oldKeys[i];
                fullAt[slot] = oldFullAt[i];
            }
        }
    }
}
