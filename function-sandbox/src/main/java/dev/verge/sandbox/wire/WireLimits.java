package dev.verge.sandbox.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bounds that both ends hold each other to. */
public final class WireLimits {
    /** Bytes of a frame after its length. */
    public static final int MAX_FRAME_BYTES = 2 << 20;
    /** Bytes of a body in one frame. */
    public static final int MAX_DATA_BYTES = 64 << 10;
    /** Bytes of a body that may be on their way before the receiver gives credit. */
    public static final int WINDOW_BYTES = 256 << 10;
    /** How much of that the node sends before the host asks for more: a function that passes a body on has no use for it. */
    public static final int FIRST_BYTES = 16 << 10;
    /** Header fields in a list. */
    public static final int MAX_HEADERS = 512;
    /** Bytes of all names and values in a list of header fields. */
    public static final int MAX_HEADER_BYTES = 128 << 10;
    /** Characters of a URL. */
    public static final int MAX_URL_LENGTH = 64 << 10;
    /** Subrequests of a call: the highest channel. */
    public static final int MAX_CHANNEL = 1000;
    /** Calls running in a host at a time. */
    public static final int MAX_CALLS = 1024;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private WireLimits() {}

    static int u32(byte[] in, int at) {
        return (int) INT.get(in, at);
    }
}
