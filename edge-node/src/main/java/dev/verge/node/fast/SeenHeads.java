package dev.verge.node.fast;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Heads of requests that were read before, byte for byte: the same bytes at the same place mean the same again, and need not be read a
 * second time. Who asks once is not remembered: a head is kept when it comes for the second time. A table of fixed size for one
 * event loop, in which a new head takes the place of another.
 */
final class SeenHeads {
    /** Longer heads are read each time. */
    static final int MAX_BYTES = 1024;

    private static final int SLOTS = 1024;

    private static final long FACTOR = 0x9E3779B97F4A7C15L;
    private static final int LINE_END = 0x0d0a;
    private static final int HEAD_END = 0x0d0a0d0a;

    private final long[] hashes = new long[SLOTS];
    private final @Nullable Seen[] slots = new Seen[SLOTS];

    /** A head that is known, and whose it may be. */
    private record Seen(long hash, ByteBuf bytes, boolean secure, boolean trusted, PlainWish wish) {}

    /** Whether bytes may be one whole head and nothing else. */
    static boolean mayBe(ByteBuf bytes) {
        int length = bytes.readableBytes();
        return length <= MAX_BYTES && length > Integer.BYTES && bytes.getInt(bytes.writerIndex() - 4) == HEAD_END;
    }

    /** Of all readable bytes; never 0. */
    static long hash(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        long hash = bytes.readableBytes();
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = mixed(hash, bytes.getLongLE(at));
        }
        for (; at < end; at++) {
            hash = mixed(hash, bytes.getByte(at));
        }
        return hash == 0 ? 1 : hash;
    }

    private static long mixed(long hash, long more) {
        long product = (hash ^ more) * FACTOR;
        return product ^ (product >>> 32);
    }

    private static int slot(long hash) {
        return (int) (hash >>> 20) & (SLOTS - 1);
    }

    /** What the bytes, which have that hash, mean from such a caller; null when they are not known. */
    @Nullable
    PlainWish find(ByteBuf bytes, long hash, boolean secure, boolean trusted) {
        Seen seen = slots[slot(hash)];
        return seen != null
                        && seen.hash == hash
                        && seen.secure == secure
                        && seen.trusted == trusted
                        && ByteBufUtil.equals(seen.bytes, bytes)
                ? seen.wish
                : null;
    }

    /** Whether bytes with that hash were here lately, so that it is worth keeping them. */
    boolean isSecondTime(long hash) {
        int slot = slot(hash);
        boolean again = hashes[slot] == hash;
        hashes[slot] = hash;
        return again;
    }

    /**
     * Keeps a head.
     *
     * @param bytes from the first of its method to the end of the empty line; not kept when there is more than one head
     */
    void keep(byte[] bytes, long hash, boolean secure, boolean trusted, PlainWish wish) {
        if (isOneHead(bytes)) {
            slots[slot(hash)] = new Seen(hash, Unpooled.wrappedBuffer(bytes), secure, trusted, wish);
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
