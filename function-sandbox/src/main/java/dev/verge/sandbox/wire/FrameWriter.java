package dev.verge.sandbox.wire;

import dev.verge.sandbox.HeaderField;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Builds frames, one after another, in one growing array. Not thread-safe. */
public final class FrameWriter {
    private byte[] out = new byte[256];
    private int size;
    private int start = -1;

    /** Begins a frame, and ends the one before it. */
    @SuppressWarnings("EnumOrdinal") // Both ends are of one build; the order is the protocol.
    public FrameWriter frame(FrameType type, int id) {
        close();
        start = size;
        return u32(0).u8(type.ordinal()).u32(id);
    }

    public FrameWriter u8(int value) {
        reserve(1);
        out[size++] = (byte) value;
        return this;
    }

    /** A constant of an enum that both ends have, as u8. */
    @SuppressWarnings("EnumOrdinal") // As above.
    public FrameWriter constant(Enum<?> value) {
        return u8(value.ordinal());
    }

    public FrameWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    public FrameWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    public FrameWriter u32(int value) {
        reserve(4);
        put32(size, value);
        size += 4;
        return this;
    }

    public FrameWriter u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    public FrameWriter string(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return u32(bytes.length).bytes(bytes, 0, bytes.length);
    }

    public FrameWriter headers(List<HeaderField> headers) {
        u16(headers.size());
        for (HeaderField header : headers) {
            string(header.name()).string(header.value());
        }
        return this;
    }

    public FrameWriter bytes(byte[] value, int offset, int length) {
        reserve(length);
        System.arraycopy(value, offset, out, size, length);
        size += length;
        return this;
    }

    /** All frames; the writer is then empty. */
    public byte[] take() {
        close();
        byte[] frames = Arrays.copyOf(out, size);
        size = 0;
        return frames;
    }

    private void close() {
        if (start >= 0) {
            int length = size - start - 4;
            if (length > WireLimits.MAX_FRAME_BYTES) {
                throw new WireException("a frame of " + length + " bytes is more than " + WireLimits.MAX_FRAME_BYTES);
            }
            put32(start, length);
            start = -1;
        }
    }

    private void put32(int at, int value) {
        out[at] = (byte) (value >>> 24);
        out[at + 1] = (byte) (value >>> 16);
        out[at + 2] = (byte) (value >>> 8);
        out[at + 3] = (byte) value;
    }

    private void reserve(int more) {
        if (size + more > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, size + more));
        }
    }
}
