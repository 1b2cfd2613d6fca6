package dev.verge.cache.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** One chunk of a body being received: room for its checksum, then its bytes. Guarded by its fill's lock. */
final class FillChunk {
    /** One part in so many may stay unused. */
    private static final int COMPACT_BEYOND = 8;

    private final int capacity;
    private @Nullable ByteBuf buffer;
    private int length;
    private boolean persisted;

    FillChunk(ByteBufAllocator allocator, int capacity) {
        this.capacity = capacity;
        int size = Chunks.CHECKSUM_BYTES + capacity;
        this.buffer = allocator.directBuffer(size, size).writeZero(Chunks.CHECKSUM_BYTES);
    }

    /** Takes as many bytes as fit. */
    int append(ByteBuf data) {
        int taken = Math.min(capacity - length, data.readableBytes());
        if (buffer != null) {
            buffer.writeBytes(data, taken);
        } else {
            data.skipBytes(taken);
        }
        length += taken;
        return taken;
    }

    boolean isFull() {
        return length == capacity;
    }

    int length() {
        return length;
    }

    @Nullable
    ByteBuf buffer() {
        return buffer;
    }

    /** A slice of its bytes with a reference of its own; the buffer must be there. */
    @Nullable
    ByteBuf slice(int offset, int count) {
        return buffer == null ? null : buffer.retainedSlice(Chunks.CHECKSUM_BYTES + offset, count);
    }

    /** Its bytes in a buffer that is hardly larger, for a long stay in memory; null when they have left. */
    @Nullable
    ByteBuf compact(ByteBufAllocator allocator) {
        ByteBuf whole = buffer;
        if (whole == null || capacity - length <= capacity / COMPACT_BEYOND) {
            return slice(0, length);
        }
        return allocator.directBuffer(length, length).writeBytes(whole, Chunks.CHECKSUM_BYTES, length);
    }

    boolean isPersisted() {
        return persisted;
    }

    void persisted() {
        persisted = true;
    }

    boolean isReadable() {
        return buffer != null || persisted;
    }

    void drop() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
