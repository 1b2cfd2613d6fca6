package dev.verge.cache.store;

/**
 * Names of entries that left the disk unasked for, remembered for a while: 8 bytes each, in a table of pairs of places where the
 * younger pushes out the older. Forgetting one too early only costs a chance. Guarded by the index's lock.
 */
final class Ghosts {
    private static final long STAMP_MASK = 0xffff_ffffL;

    /** Each: the upper half of a hash, then the time, counted in ghosts. */
    private final long[] places;

    private long now;

    /** Room for about so many. */
    Ghosts(int expected) {
        this.places = new long[Integer.highestOneBit(Math.max(16, expected)) * 2];
    }

    void add(long hash) {
        now++;
        int at = place(hash);
        int other = at ^ 1;
        int older = places[at] == 0 || ageOf(places[at]) > ageOf(places[other]) ? at : other;
        places[older] = (hash & ~STAMP_MASK) | (now & STAMP_MASK);
    }

    /** Forgets a name; true when it was known and among the youngest {@code limit}. */
    boolean remove(long hash, long limit) {
        int at = place(hash);
        for (int i = at & ~1; i <= (at | 1); i++) {
            if (places[i] != 0 && ((places[i] ^ hash) & ~STAMP_MASK) == 0 && ageOf(places[i]) <= limit) {
                places[i] = 0;
                return true;
            }
        }
        return false;
    }

    private int place(long hash) {
        return (int) hash & (places.length - 1);
    }

    private long ageOf(long place) {
        return place == 0 ? Long.MAX_VALUE : (now - place) & STAMP_MASK;
    }
}
