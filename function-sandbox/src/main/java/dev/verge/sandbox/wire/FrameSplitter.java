package dev.verge.sandbox.wire;

import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts what arrives on a socket into frames. Not thread-safe. */
public final class FrameSplitter {
    private byte[] held = new byte[0];
    private int size;

    /**
     * Takes bytes in, gives whole frames out. The bytes are not kept.
     *
     * @throws WireException when a frame is longer than allowed or malformed
     */
    public void feed(byte[] data, int from, int length, Consumer<Frame> receiver) {
        byte[] in = data;
        boolean own = false;
        int at = from;
        int end = from + length;
        if (size > 0) {
            if (held.length < size + length) {
                held = Arrays.copyOf(held, Math.max(size + length, 2 * held.length));
            }
            System.arraycopy(data, from, held, size, length);
            in = held;
            own = true;
            at = 0;
            end = size + length;
        }
        while (end - at >= 4) {
            int frame = WireLimits.u32(in, at);
            if (frame < 5 || frame > WireLimits.MAX_FRAME_BYTES) {
                throw new WireException("a frame of " + Integer.toUnsignedString(frame) + " bytes");
            }
            if (end - at - 4 < frame) {
                break;
            }
            receiver.accept(new Frame(in, at + 4, at + 4 + frame));
            at += 4 + frame;
        }
        size = end - at;
        if (size > 0) {
            byte[] rest = own && held.length <= WireLimits.WINDOW_BYTES ? held : new byte[Math.max(size, 4096)];
            System.arraycopy(in, at, rest, 0, size);
            held = rest;
        }
    }
}
