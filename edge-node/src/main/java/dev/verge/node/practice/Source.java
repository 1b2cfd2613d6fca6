package dev.verge.node.practice;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Bytes of one connection as they come. */
final class Source {
    private final InputStream in;
    private final byte[] bytes = new byte[32 * 1024];
    private int at;
    private int end;

    Source(InputStream in) {
        this.in = in;
    }

    private void more() throws IOException {
        end = in.read(bytes, 0, bytes.length);
        at = 0;
        if (end < 0) {
            end = 0;
            throw new EOFException("the connection has ended");
        }
    }

    int octet() throws IOException {
        if (at == end) {
            more();
        }
        return bytes[at++] & 0xff;
    }

    /** The bytes before the next CRLF, which is passed. */
    String line() throws IOException {
        StringBuilder before = new StringBuilder();
        while (true) {
            if (at == end) {
                more();
            }
            int from = at;
            while (at < end && bytes[at] != '\n') {
                at++;
            }
            before.append(new String(bytes, from, at - from, StandardCharsets.ISO_8859_1));
            if (at < end) {
                at++;
                before.setLength(before.length() - 1);
                return before.toString();
            }
        }
    }

    void skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            if (at == end) {
                more();
            }
            int here = (int) Math.min(left, end - at);
            at += here;
            left -= here;
        }
    }
}
