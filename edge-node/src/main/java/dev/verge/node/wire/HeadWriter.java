package dev.verge.node.wire;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes heads so that there is one way to read them: what cannot be a field's name is left out, and what could end a line is a space
 * (RFC 9110 §5.5). There is one for each thread: from {@link #begin} to {@link #into} nothing else may be written on it.
 */
public final class HeadWriter {
    private static final int USUAL_BYTES = 2048;
    private static final int MOST_KEPT_BYTES = 64 * 1024;
    private static final char INSTEAD = ' ';
    private static final FastThreadLocal<HeadWriter> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected HeadWriter initialValue() {
            return new HeadWriter();
        }
    };

    private byte[] bytes = new byte[USUAL_BYTES];
    private int length;

    private HeadWriter() {}

    /** The calling thread's, with nothing written. */
    public static HeadWriter begin() {
        HeadWriter writer = OF_THREAD.get();
        writer.length = 0;
        return writer;
    }

    /** A field line; none where the name is no token. */
    public void field(String name, String value) {
        if (FieldNames.isToken(name)) {
            text(name);
            octet(':');
            octet(' ');
            text(value);
            lineEnd();
        }
    }

    /** Characters of ISO 8859-1 but controls; others become spaces. */
    public void text(String text) {
        int size = text.length();
        room(size);
        byte[] to = bytes;
        int at = length;
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            to[at++] = (byte) (isPlain(c) ? c : INSTEAD);
        }
        length = at;
    }

    /** What has no place in a target goes percent-encoded (RFC 3986 §2.1). */
    public void target(String target) {
        boolean plain = true;
        for (int i = 0; i < target.length() && plain; i++) {
            plain = target.charAt(i) > ' ' && target.charAt(i) < 0x7f;
        }
        if (plain) {
            text(target);
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

    /** Bytes as they are. */
    public void octets(byte[] some) {
        room(some.length);
        System.arraycopy(some, 0, bytes, length, some.length);
        length += some.length;
    }

    public void octet(int one) {
        room(1);
        bytes[length++] = (byte) one;
    }

    public void lineEnd() {
        octet('\r');
        octet('\n');
    }

    /** How many bytes have been written. */
    public int length() {
        return length;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** Appends what was written. */
    public void into(ByteBuf buffer) {
        buffer.writeBytes(bytes, 0, length);
        if (bytes.length > MOST_KEPT_BYTES) {
            bytes = new byte[USUAL_BYTES];
        }
    }
}
