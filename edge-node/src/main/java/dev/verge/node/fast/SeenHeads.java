package dev.verge.node.fast;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Heads of requests that were read before, byte for byte: the same bytes at the same place mean the same again, and need not be read a
 * second time. Who asks once is not remembered: a head is kept when it comes for the second time. A table of fixed size for one
 * event loop; each head has a few places where it may be, and moves towards the first of them each time it comes. A new one takes the last
 * unless one is free, so what comes often stays.
 */
final class SeenHeads {
    /** Longer heads are read each time. */
    static final int MAX_BYTES = 1024;

    private static final int WAYS = 4;

    /** Of heads that came once, for each that is kept. */
    private static final int HASHES = 4;

    private static final long FACTOR = 0x9E3779B97F4A7C15L;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LINE_END = 0x0d0a;
    private static final int HEAD_END = 0x0d0a0d0a;

    private final long[] hashes;
    private final @Nullable Seen[] slots;

    /** What was looked at last. */
    private final byte[] head = new byte[MAX_BYTES];

    private int length;
    private long hash;
    private int turn;

    /** @param size most heads that are kept; a power of two, 4 at least */
    SeenHeads(int size) {
        slots = new Seen[size];
        hashes = new long[size * HASHES];
    }

    /** A head that is known, and whose it may be. */
    private static final class Seen {
        private final long hash;
        private final byte[] bytes;
        private final boolean secure;
        private final boolean trusted;
        private final PlainWish wish;

        Seen(long hash, byte[] bytes, boolean secure, boolean trusted, PlainWish wish) {
            this.hash = hash;
            this.bytes = bytes;
            this.secure = secure;
            this.trusted = trusted;
            this.wish = wish;
        }
    }

    /** Looks at bytes, without taking them; false when they cannot be one whole head and nothing else. */
    boolean look(ByteBuf bytes) {
        int readable = bytes.readableBytes();
        if (readable > MAX_BYTES || readable <= Integer.BYTES || bytes.getInt(bytes.writerIndex() - 4) != HEAD_END) {
            return false;
        }
        bytes.getBytes(bytes.readerIndex(), head, 0, readable);
        length = readable;
        hash = hash();
        return true;
    }

    /** Of all that was looked at; never 0. */
    private long hash() {
        long all = length;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            all = mixed(all, (long) EIGHT.get(head, at));
        }
        for (; at < length; at++) {
            all = mixed(all, head[at]);
        }
        return all == 0 ? 1 : all;
    }

    private static long mixed(long hash, long more) {
        long product = (hash ^ more) * FACTOR;
        return product ^ (product >>> 32);
    }

    /** Where the places of a head begin. */
    private int set(long hash) {
        return (int) (hash >>> 20) & (slots.length - WAYS);
    }

    /** What the bytes that were looked at last mean from such a caller; null when they are not known. */
    @Nullable
    PlainWish find(boolean secure, boolean trusted) {
        int set = set(hash);
        for (int at = set; at < set + WAYS; at++) {
            Seen seen = slots[at];
            if (seen != null
                    && seen.hash == hash
                    && seen.secure == secure
                    && seen.trusted == trusted
                    && Arrays.equals(seen.bytes, 0, seen.bytes.length, head, 0, length)) {
                if (at > set) {
                    slots[at] = slots[at - 1];
                    slots[at - 1] = seen;
                }
                return seen.wish;
            }
        }
        return null;
    }

    /** The bytes that were looked at last, if the same were here lately, so that it is worth keeping them; else null. */
    byte @Nullable [] comesAgain() {
        int set = (int) (hash >>> 20) & (hashes.length - WAYS);
        for (int at = set; at < set + WAYS; at++) {
            if (hashes[at] == hash) {
                return Arrays.copyOf(head, length);
            }
        }
        hashes[set + (turn++ & (WAYS - 1))] = hash;
        return null;
    }

    /**
     * Keeps a head.
     *
     * @param bytes from the first of its method to the end of the empty line; not kept when there is more than one head
     */
    void keep(byte[] bytes, boolean secure, boolean trusted, PlainWish wish) {
        if (isOneHead(bytes) && look(Unpooled.wrappedBuffer(bytes))) {
            int at = set(hash);
            int last = at + WAYS - 1;
            while (at < last && slots[at] != null) {
                at++;
            }
            slots[at] = new Seen(hash, bytes, secure, trusted, wish);
        }
    }

    /** The first empty line is at the end, and not at the beginning. */
    private static boolean isOneHead(byte[] bytes) {
        ByteBuf all = Unpooled.wrappedBuffer(bytes);
        int end = bytes.length - Integer.BYTES;
        for (int i = 0; i < end; i++) {
            if (all.getInt(i) == HEAD_END) {
                return false;
            }
        }
        return end > 0 && all.getInt(end) == HEAD_END && all.getShort(0) != LINE_END;
    }
}
