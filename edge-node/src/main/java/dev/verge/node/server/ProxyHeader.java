package dev.verge.node.server;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header by which a proxy names its client at the beginning of a connection: version 1 (text) and 2 (binary) of HAProxy's PROXY
 * protocol. Reads a buffer from its reader index and changes nothing in it.
 */
sealed interface ProxyHeader {

    /** More bytes are needed. */
    record Incomplete() implements ProxyHeader {}

    /** It is none, or not as the protocol wants it. */
    record Malformed(String why) implements ProxyHeader {}

    /**
     * A whole header.
     *
     * @param length in bytes
     * @param client null when the proxy speaks for itself (LOCAL), or cannot tell (UNKNOWN, AF_UNSPEC, AF_UNIX)
     */
    record Read(int length, @Nullable InetAddress client) implements ProxyHeader {}

    /** Longest line of version 1, its end included (§2.1). */
    int MAX_LINE_BYTES = 107;

    /** Longest rest of version 2 that is taken: addresses and a few TLVs. The protocol allows 65535. */
    int MAX_REST_BYTES = 4096;

    /** Reads what has come so far. */
    static ProxyHeader read(ByteBuf bytes) {
        int length = Math.min(bytes.readableBytes(), Version2.SIGNATURE.length);
        byte[] begin = new byte[length];
        bytes.getBytes(bytes.readerIndex(), begin);
        if (startsLike(begin, Version2.SIGNATURE)) {
            return length < Version2.SIGNATURE.length ? new Incomplete() : Version2.read(bytes);
        }
        if (startsLike(begin, Version1.BEGIN)) {
            return Version1.read(bytes);
        }
        return new Malformed("no PROXY header");
    }

    private static boolean startsLike(byte[] begin, byte[] wanted) {
        int common = Math.min(begin.length, wanted.length);
        return Arrays.equals(begin, 0, common, wanted, 0, common);
    }

    /** {@code PROXY TCP4 192.0.2.1 198.51.100.1 56324 443}. */
    final class Version1 {
        private static final byte[] BEGIN = "PROXY ".getBytes(StandardCharsets.US_ASCII);
        private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
        private static final int MAX_PORT = 65_535;

        private Version1() {}

        private static ProxyHeader read(ByteBuf bytes) {
            int start = bytes.readerIndex();
            int feed = bytes.indexOf(start, start + Math.min(bytes.readableBytes(), MAX_LINE_BYTES), (byte) '\n');
            if (feed < 0) {
                return bytes.readableBytes() < MAX_LINE_BYTES ? new Incomplete() : new Malformed("too long");
            }
            int length = feed + 1 - start;
            String line = bytes.toString(start, length, StandardCharsets.ISO_8859_1);
            if (!line.endsWith("\r\n")) {
                return new Malformed("line without CR");
            }
            String[] parts = line.substring(0, line.length() - 2).split(" ", -1);
            if (parts.length >= 2 && parts[1].equals("UNKNOWN")) {
                return new Read(length, null);
            }
            if (parts.length != 6 || !isPort(parts[4]) || !isPort(parts[5])) {
                return new Malformed("not six parts with two ports");
            }
            boolean v4 = parts[1].equals("TCP4") && isV4(parts[2]) && isV4(parts[3]);
            boolean v6 = parts[1].equals("TCP6") && isV6(parts[2]) && isV6(parts[3]);
            byte[] client = v4 || v6 ? NetUtil.createByteArrayFromIpAddressString(parts[2]) : null;
            return client == null ? new Malformed("family and addresses do not fit") : named(length, client);
        }

        private static boolean isV4(String text) {
            return NetUtil.isValidIpV4Address(text);
        }

        private static boolean isV6(String text) {
            return text.indexOf('%') < 0 && text.indexOf('[') < 0 && NetUtil.isValidIpV6Address(text);
        }

        private static boolean isPort(String text) {
            return PORT.matcher(text).matches() && Integer.parseInt(text) <= MAX_PORT;
        }
    }

    /** The binary form (§2.2). */
    final class Version2 {
        private static final byte[] SIGNATURE = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
        };
        private static final int HEAD_BYTES = 16;
        private static final int LOCAL = 0x20;
        private static final int PROXY = 0x21;
        private static final int UNSPEC = 0;
        private static final int INET = 1;
        private static final int INET6 = 2;
        private static final int UNIX = 3;
        private static final int STREAM = 1;
        private static final int DATAGRAM = 2;
        private static final int TLV_HEAD_BYTES = 3;

        private Version2() {}

        private static ProxyHeader read(ByteBuf bytes) {
            if (bytes.readableBytes() < HEAD_BYTES) {
                return new Incomplete();
            }
            int start = bytes.readerIndex();
            int command = bytes.getUnsignedByte(start + 12);
            int family = bytes.getUnsignedByte(start + 13) >> 4;
            int transport = bytes.getUnsignedByte(start + 13) & 0x0F;
            int rest = bytes.getUnsignedShort(start + 14);
            if (command != LOCAL && command != PROXY) {
                return new Malformed("unknown version or command");
            }
            if (rest > MAX_REST_BYTES) {
                return new Malformed("too long");
            }
            if (family > UNIX || transport > DATAGRAM) {
                return new Malformed("unknown family or transport");
            }
            if (bytes.readableBytes() < HEAD_BYTES + rest) {
                return new Incomplete();
            }
            int length = HEAD_BYTES + rest;
            if (command == LOCAL) {
                return new Read(length, null);
            }
            int addresses = addressBytes(family);
            if (rest < addresses || !areTlvs(bytes, start + HEAD_BYTES + addresses, rest - addresses)) {
                return new Malformed("addresses or TLVs cut short");
            }
            if ((family != INET && family != INET6) || transport != STREAM) {
                return new Read(length, null);
            }
            byte[] client = new byte[family == INET ? 4 : 16];
            bytes.getBytes(start + HEAD_BYTES, client);
            return named(length, client);
        }

        private static int addressBytes(int family) {
            return switch (family) {
                case UNSPEC -> 0;
                case INET -> 12;
                case INET6 -> 36;
                default -> 216;
            };
        }

        /** What they say is not asked; that they are whole shows that the addresses are what they seem. */
        private static boolean areTlvs(ByteBuf bytes, int from, int length) {
            int at = from;
            int end = from + length;
            while (at < end) {
                if (end - at < TLV_HEAD_BYTES) {
                    return false;
                }
                at += TLV_HEAD_BYTES + bytes.getUnsignedShort(at + 1);
            }
            return at == end;
        }
    }

    private static ProxyHeader named(int length, byte[] client) {
        try {
            return new Read(length, InetAddress.getByAddress(client));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
