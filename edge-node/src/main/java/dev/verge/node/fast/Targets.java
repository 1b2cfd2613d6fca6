package dev.verge.node.fast;

import dev.verge.node.compress.Coding;
import org.jspecify.annotations.Nullable;

/**
 * The targets that were asked for lately on one event loop: a table of fixed size. Each has a few places where it may be, and moves
 * towards the first of them each time it is asked for; a new one takes the last unless one is free, so what is asked for often stays. Prepared bytes
 * are bounded, and given up once they have become old.
 */
final class Targets {
    private static final int WAYS = 4;

    /** Longer targets take the ordinary path, so that the table stays small. */
    static final int MAX_CHARACTERS = 1024;

    /** Prepared bytes of one loop. */
    static final long MAX_BYTES = 32L << 20;

    private static final int SWEEPS = 8;

    private final @Nullable Target[] slots;
    private long bytes;
    private int hand;

    /** @param size most targets that are remembered; a power of two, 8 at least */
    Targets(int size) {
        slots = new Target[size];
    }

    /** Where its places begin. */
    private int set(boolean secure, boolean head, String host, String uri, @Nullable Coding coding) {
        int code = coding == null ? 0 : coding.word().hashCode();
        int hash = ((uri.hashCode() * 31 + host.hashCode()) * 31 + code) * 4 + (secure ? 2 : 0) + (head ? 1 : 0);
        hash *= 0x9E3779B9;
        hash ^= hash >>> 16;
        return hash & (slots.length - WAYS);
    }

    @Nullable
    Target find(boolean secure, boolean head, String host, String uri, @Nullable Coding coding) {
        int set = set(secure, head, host, uri, coding);
        for (int at = set; at < set + WAYS; at++) {
            Target there = slots[at];
            if (there != null && there.is(secure, head, host, uri, coding)) {
                if (at > set) {
                    slots[at] = slots[at - 1];
                    slots[at - 1] = there;
                }
                return there;
            }
        }
        return null;
    }

    void put(boolean secure, boolean head, String host, String uri, @Nullable Coding coding, Target made) {
        int set = set(secure, head, host, uri, coding);
        int place = set + WAYS - 1;
        for (int at = set; at < place; at++) {
            Target there = slots[at];
            if (there == null || there.is(secure, head, host, uri, coding)) {
                place = at;
            }
        }
        Target before = slots[place];
        slots[place] = made;
        if (before != null) {
            bytes -= before.forgetOld(Long.MAX_VALUE);
        }
    }

    /** Keeps what was prepared; false when there is no room, then the caller keeps it. */
    boolean keep(Target target, Prepared made) {
        if (bytes + made.size() > MAX_BYTES) {
            return false;
        }
        bytes += target.keep(made);
        return true;
    }

    /** Looks at the next eighth and gives up what is old there. */
    void sweep(long epochMillis) {
        for (int i = 0; i < slots.length / SWEEPS; i++) {
            Target each = slots[hand];
            hand = (hand + 1) & (slots.length - 1);
            if (each != null) {
                bytes -= each.forgetOld(epochMillis);
            }
        }
    }

    long bytes() {
        return bytes;
    }
}
