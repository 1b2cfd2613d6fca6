package dev.verge.cache.store;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A whole body in memory. Counted as one: the memory tier holds one reference, each reader another; whoever takes the last one
 * away frees the buffers. Taking one fails once it is freed, so eviction races with readers safely.
 */
final class Body {
    private final AtomicInteger references = new AtomicInteger(1);
    private final List<ByteBuf> pieces;
    private final long[] starts;
    private final long length;
    private final long weight;

    /**
     * Takes over the buffers.
     *
     * @param pieces the bytes in order, none empty
     */
    Body(List<ByteBuf> pieces) {
        this.pieces = List.copyOf(pieces);
        this.starts = new long[pieces.size()];
        long sum = 0;
        long held = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = sum;
            sum += pieces.get(i).readableBytes();
            held += pooledSize(Chunks.CHECKSUM_BYTES + pieces.get(i).readableBytes());
        }
        this.length = sum;
        this.weight = held;
    }

    /** What the allocator takes for a buffer: it has four sizes between two powers of two. */
    private static long pooledSize(int bytes) {
        long step = Math.max(16, Integer.highestOneBit(bytes - 1) / 4);
        return (bytes + step - 1) / step * step;
    }

    boolean tryRetain() {
        int current = references.get();
        while (current > 0) {
            if (references.compareAndSet(current, current + 1)) {
                return true;
            }
            current = references.get();
        }
        return false;
    }

    void release() {
        int left = references.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("body released once too often");
        }
        if (left == 0) {
            pieces.forEach(ByteBuf::release);
        }
    }

    long length() {
        return length;
    }

    /** Bytes of memory the buffers take. */
    long weight() {
        return weight;
    }

    /** The whole body as one buffer, if it is one. The caller holds a reference to this body; the slice has its own. */
    ByteBuf wholeSlice() {
        return pieces.getFirst().retainedSlice();
    }

    /** The whole body in order. The caller holds a reference to this body; each slice has its own. */
    List<ByteBuf> slices() {
        List<ByteBuf> slices = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            slices.add(pieces.get(i).retainedSlice());
        }
        return slices;
    }

    int pieces() {
        return pieces.size();
    }

    /** At most {@code limit} bytes from {@code offset}, within one piece. The caller holds a reference. */
    ByteBuf slice(long offset, long limit) {
        int low = 0;
        int high = starts.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        ByteBuf piece = pieces.get(low);
        int at = (int) (offset - starts[low]);
        int available = piece.readableBytes() - at;
        return piece.retainedSlice(piece.readerIndex() + at, (int) Math.min(available, limit));
    }
}
