package dev.verge.node.tunnel;

import java.util.concurrent.atomic.LongAdder;

/** Bytes that all tunnels of this process hold for peers that have not taken them yet. Thread-safe. */
public final class HeldBytes {
    private static final LongAdder HELD = new LongAdder();

    private HeldBytes() {}

    /** How many they are now. */
    public static long now() {
        return HELD.sum();
    }

    static void add(long bytes) {
        HELD.add(bytes);
    }
}
