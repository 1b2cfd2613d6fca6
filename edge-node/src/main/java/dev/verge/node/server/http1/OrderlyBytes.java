package dev.verge.node.server.http1;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/** Lets a reader look at what a connection has brought, in pieces that it can hold. */
final class OrderlyBytes {
    private static final int SCRATCH_BYTES = 4096;
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[SCRATCH_BYTES];
        }
    };

    private OrderlyBytes() {}

    /** How many bytes from the reader index on are in order; none of them is taken. */
    static int count(Http1Reader reader, ByteBuf bytes) {
        byte[] scratch = SCRATCH.get();
        int start = bytes.readerIndex();
        int end = bytes.writerIndex();
        int at = start;
        while (at < end && reader.violation() == null && !reader.hasLeft()) {
            long content = reader.contentAhead();
            if (content > 0) {
                int taken = (int) Math.min(content, end - at);
                reader.contentTaken(taken);
                at += taken;
            } else {
                int piece = Math.min(end - at, scratch.length);
                bytes.getBytes(at, scratch, 0, piece);
                at += reader.read(scratch, 0, piece);
            }
        }
        return at - start;
    }
}
