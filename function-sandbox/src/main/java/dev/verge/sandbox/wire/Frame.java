package dev.verge.sandbox.wire;

import dev.verge.sandbox.HeaderField;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A received frame, read from front to back. Valid only while its receiver runs: what is kept must be taken out. */
public final class Frame {
    private final byte[] in;
    private final int end;
    private int at;
    private final FrameType type;
    private final int id;

    Frame(byte[] in, int from, int end) {
        this.in = in;
        this.at = from;
        this.end = end;
        this.type = FrameType.of(u8());
        this.id = u32();
    }

    public FrameType type() {
        return type;
    }

    /** Of the call or function it is about. */
    public int id() {
        return id;
    }

    public int u8() {
        need(1);
        return in[at++] & 0xff;
    }

    public boolean flag() {
        return u8() != 0;
    }

    public int u16() {
        return (u8() << 8) | u8();
    }

    public int u32() {
        need(4);
        int value = WireLimits.u32(in, at);
        at += 4;
        return value;
    }

    public long u64() {
        return ((long) u32() << 32) | (u32() & 0xffffffffL);
    }

    /** A count or length: a u32 that must be within 0 and {@code max}. */
    public int count(int max) {
        int value = u32();
        if (value < 0 || value > max) {
            throw new WireException(type + ": " + Integer.toUnsignedString(value) + " is more than " + max);
        }
        return value;
    }

    /** A channel: a u16 within the bounds. */
    public int channel() {
        int value = u16();
        if (value > WireLimits.MAX_CHANNEL) {
            throw new WireException(type + ": channel " + value);
        }
        return value;
    }

    public String string() {
        int length = count(end - at);
        String value = new String(in, at, length, StandardCharsets.UTF_8);
        at += length;
        return value;
    }

    public List<HeaderField> headers() {
        int count = u16();
        if (count > WireLimits.MAX_HEADERS) {
            throw new WireException(type + ": " + count + " header fields");
        }
        List<HeaderField> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            headers.add(new HeaderField(string(), string()));
        }
        return headers;
    }

    /** A copy of all that is left. */
    public byte[] rest() {
        byte[] value = Arrays.copyOfRange(in, at, end);
        at = end;
        return value;
    }

    private void need(int bytes) {
        if (end - at < bytes) {
            throw new WireException("a frame is cut short");
        }
    }
}
