package dev.verge.node.server.http1;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** What a connection of HTTP/2 begins with (RFC 9113 §3.4). */
final class Preface {
    static final byte[] BYTES = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Preface() {}

    /** How many of the next bytes go on with it, of which so many were read before. */
    static int goesOn(ByteBuf bytes, int read) {
        int start = bytes.readerIndex();
        int length = Math.min(bytes.readableBytes(), BYTES.length - read);
        int same = 0;
        while (same < length && bytes.getByte(start + same) == BYTES[read + same]) {
            same++;
        }
        return same;
    }
}
