package dev.verge.sandbox.host.crypto;

import java.math.BigInteger;
import java.util.Arrays;

/** The little of the Distinguished Encoding Rules (X.690) that keys need. */
final class Der {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_ID = 0x06;
    static final int SEQUENCE = 0x30;
    /** Context-specific, constructed: [0] and [1] of an EC private key. */
    static final int CONTEXT_0 = 0xA0;

    static final int CONTEXT_1 = 0xA1;
    /** [1] IMPLICIT BIT STRING, as the public key of a private key of version 2 (RFC 5958) is given. */
    static final int CONTEXT_1_PRIMITIVE = 0x81;

    private final byte[] bytes;
    private int at;
    private final int end;

    Der(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Der(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    boolean hasMore() {
        return at < end;
    }

    boolean nextIs(int tag) {
        return at < end && (bytes[at] & 0xFF) == tag;
    }

    /** The next element, which must have that tag. */
    Der enter(int tag) throws CryptoFailure {
        if (!nextIs(tag) || at + 2 > end) {
            throw CryptoFailure.data("The encoding of the key is not as it should be");
        }
        int length = bytes[at + 1] & 0xFF;
        int from = at + 2;
        if (length >= 0x80) {
            int count = length & 0x7F;
            if (count < 1 || count > 3 || from + count > end) {
                throw CryptoFailure.data("The encoding of the key has a wrong length");
            }
            length = 0;
            for (int i = 0; i < count; i++) {
                length = (length << 8) | (bytes[from++] & 0xFF);
            }
            if (length < 0x80 || (count > 1 && length < 1 << (8 * (count - 1)))) {
                throw CryptoFailure.data("The encoding of the key is not the shortest");
            }
        }
        if (length > end - from) {
            throw CryptoFailure.data("The encoding of the key is cut short");
        }
        at = from + length;
        return new Der(bytes, from, at);
    }

    /** The content of the next element, which must have that tag. */
    byte[] take(int tag) throws CryptoFailure {
        Der inner = enter(tag);
        return Arrays.copyOfRange(inner.bytes, inner.at, inner.end);
    }

    /** A bit string of whole bytes. */
    byte[] takeBits(int tag) throws CryptoFailure {
        byte[] content = take(tag);
        if (content.length == 0 || content[0] != 0) {
            throw CryptoFailure.data("The encoding of the key has a broken bit string");
        }
        return Arrays.copyOfRange(content, 1, content.length);
    }

    void end() throws CryptoFailure {
        if (hasMore()) {
            throw CryptoFailure.data("The encoding of the key has something behind it");
        }
    }

    static byte[] element(int tag, byte[]... contents) {
        byte[] content = join(contents);
        int length = content.length;
        byte[] head = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : length < 0x100
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return join(head, content);
    }

    static byte[] bits(byte[] content) {
        return element(BIT_STRING, new byte[1], content);
    }

    static byte[] small(int value) {
        return element(INTEGER, new byte[] {(byte) value});
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /**
     * A number that is not negative as {@code length} bytes, big endian.
     *
     * @throws IllegalArgumentException when it does not fit
     */
    static byte[] unsigned(BigInteger value, int length) {
        byte[] shortest = value.toByteArray();
        int skip = shortest.length > 1 && shortest[0] == 0 ? 1 : 0;
        int count = shortest.length - skip;
        if (count > length) {
            throw new IllegalArgumentException("The number does not fit");
        }
        byte[] out = new byte[length];
        System.arraycopy(shortest, skip, out, length - count, count);
        return out;
    }

    /** A number that is not negative as few bytes as it needs, big endian. */
    static byte[] unsigned(BigInteger value) {
        return unsigned(value, Math.max(1, (value.bitLength() + 7) / 8));
    }
}
