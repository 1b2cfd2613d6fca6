package dev.verge.node.fast;

import dev.verge.node.compress.Coding;
import org.jspecify.annotations.Nullable;

/**
 * The targets that were asked for lately on one event loop: a table of fixed size, in which a new one takes the place of another.
 * Prepared bytes are bounded, and given up once they have become old.
 */
final class Targets {
    private static final int SLOTS = 8192;

    /** Longer targets take the ordinary path, so that the table stays small. */
    static final int MAX_CHARACTERS = 1024;

    /** Prepared bytes of one loop. */
    static final long MAX_BYTES = 32L << 20;

    private static final int SWEPT_AT_ONCE = SLOTS / 8;

    private final @Nullable Target[] slots = new Target[SLOTS];
    private long bytes;
    private int hand;

    private static int slot(boolean secure, boolean head, String host, String uri, @Nullable Coding coding) {
        int code = coding == null ? 0 : coding.word().hashCode();
        int hash = ((uri.hashCode() * 31 + host.hashCode()) * 31 + code) * 4 + (secure ? 2 : 0) + (head ? 1 : 0);
        hash ^= hash >>> 16;
        return hash & (SLOTS - 1);
    }

    @Nullable
    Target find(boolean secure, boolean head, String host, String uri, @Nullable Coding coding) {
        Target there = slots[slot(secure, head, host, uri, coding)];
        return there != null && there.is(secure, head, host, uri, coding) ? there : null;
    }

    void put(boolean secure, boolean head, String host, String uri, @Nullable Coding coding, Target made) {
        int slot = slot(secure, head, host, uri, coding);
        Target before = slots[slot];
        slots[slot] = made;
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

    /** Looks at the next few and gives up what is old there. */
    void sweep(long epochMillis) {
        for (int i = 0; i < SWEPT_AT_ONCE; i++) {
            Target each = slots[hand];
            hand = (hand + 1) & (SLOTS - 1);
            if (each != null) {
                bytes -= each.forgetOld(epochMillis);
            }
        }
    }

    long bytes() {
        return bytes;
    }
}
