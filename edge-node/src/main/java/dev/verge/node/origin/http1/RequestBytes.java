package dev.verge.node.origin.http1;

import dev.verge.cache.http.HttpFields;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A request as an HTTP/1.1 origin gets it (RFC 9112 §2.1). Whatever fields say, there is one way to read it: what cannot be a name is left
 * out, and bytes that could end a line are spaces (RFC 9110 §5.5).
 */
public final class RequestBytes {
    /** Value of {@code length} for a request without content and without a word about it. */
    public static final long NO_CONTENT = -2;

    /** Value of {@code length} for content of which only the end tells how long it is: it goes in chunks. */
    public static final long CHUNKED = -1;

    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_KEPT_BYTES = 64 * 1024;
    private static final FastThreadLocal<Scratch> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
            return new Scratch();
        }
    };

    private RequestBytes() {}

    /**
     * Appends the head.
     *
     * @param fields what is said besides framing
     * @param length of the content in bytes, {@link #CHUNKED} or {@link #NO_CONTENT}
     */
    public static void head(ByteBuf into, String method, String target, HttpFields fields, long length) {
        Scratch scratch = SCRATCH.get();
        scratch.length = 0;
        scratch.text(method, ' ');
        scratch.octet(' ');
        scratch.target(target);
        scratch.octets(VERSION);
        int host = indexOfHost(fields);
        if (host >= 0) {
            scratch.field("Host", fields.value(host)); // first, as RFC 9110 §7.2 wants it
        }
        for (int i = 0; i < fields.size(); i++) {
            if (i != host) {
                scratch.field(fields.name(i), fields.value(i));
            }
        }
        if (length >= 0) {
            scratch.field("content-length", Long.toString(length));
        } else if (length == CHUNKED) {
            scratch.field("transfer-encoding", "chunked");
        }
        scratch.lineEnd();
        scratch.flush(into);
    }

    /** Appends what stands before a piece of content in chunks. */
    public static void chunk(ByteBuf into, int length) {
        into.writeCharSequence(Integer.toHexString(length), StandardCharsets.US_ASCII);
        into.writeByte('\r').writeByte('\n');
    }

    /** Appends the end of content in chunks. */
    public static void lastChunk(ByteBuf into, HttpFields trailers) {
        Scratch scratch = SCRATCH.get();
        scratch.length = 0;
        scratch.octet('0');
        scratch.lineEnd();
        for (int i = 0; i < trailers.size(); i++) {
            scratch.field(trailers.name(i), trailers.value(i));
        }
        scratch.lineEnd();
        scratch.flush(into);
    }

    private static int indexOfHost(HttpFields fields) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("host")) {
                return i;
            }
        }
        return -1;
    }

    private static final class Scratch {
        private byte[] bytes = new byte[2048];
        private int length;

        void field(String name, String value) {
            if (FieldNames.isToken(name)) {
                text(name, ' ');
                octet(':');
                octet(' ');
                text(value, ' ');
                lineEnd();
            }
        }

        /** @param instead of what must not be there */
        void text(String text, char instead) {
            int size = text.length();
            room(size);
            byte[] to = bytes;
            int at = length;
            for (int i = 0; i < size; i++) {
                char c = text.charAt(i);
                to[at++] = (byte) (isPlain(c) ? c : instead);
            }
            length = at;
        }

        /** What has no place in a target goes percent-encoded (RFC 3986 §2.1). */
        void target(String target) {
            boolean plain = true;
            for (int i = 0; i < target.length() && plain; i++) {
                plain = target.charAt(i) > ' ' && target.charAt(i) < 0x7f;
            }
            if (plain) {
                text(target, ' ');
                return;
            }
            for (byte octet : target.getBytes(StandardCharsets.UTF_8)) {
                if (octet > ' ' && octet < 0x7f) {
                    octet(octet);
                } else {
                    octet('%');
                    octet(Character.toUpperCase(Character.forDigit((octet >> 4) & 0xf, 16)));
                    octet(Character.toUpperCase(Character.forDigit(octet & 0xf, 16)));
                }
            }
        }

        private static boolean isPlain(char c) {
            return (c >= ' ' && c != 0x7f && c <= 0xff) || c == '\t';
        }

        void octets(byte[] some) {
            room(some.length);
            System.arraycopy(some, 0, bytes, length, some.length);
            length += some.length;
        }

        void octet(int one) {
            room(1);
            bytes[length++] = (byte) one;
        }

        void lineEnd() {
            octet('\r');
            octet('\n');
        }

        private void room(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
            }
        }

        void flush(ByteBuf into) {
            into.writeBytes(bytes, 0, length);
            if (bytes.length > MOST_KEPT_BYTES) {
                bytes = new byte[2048];
            }
        }
    }
}
