package dev.verge.sandbox.url;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-encode sets and their use (URL Standard §1.3). */
final class PercentCoding {
    /** The code points below 0x7f that a part escapes, besides the C0 controls, DEL and all above. */
    enum Set {
        C0_CONTROL(""),
        FRAGMENT(" \"<>`"),
        QUERY(" \"#<>"),
        SPECIAL_QUERY(" \"#<>'"),
        PATH(" \"#<>?^`{}"),
        USERINFO(" \"#<>?^`{}/:;=@[\\]|");

        /** Bit c of the first word for c below 64, bit c - 64 of the second above. */
        private final long low;

        private final long high;

        Set(String characters) {
            long first = 0xffffffffL;
            long second = 1L << 63;
            for (int i = 0; i < characters.length(); i++) {
                int c = characters.charAt(i);
                if (c < 64) {
                    first |= 1L << c;
                } else {
                    second |= 1L << (c - 64);
                }
            }
            low = first;
            high = second;
        }

        boolean escapes(int codePoint) {
            return codePoint >= 128 || (((codePoint < 64 ? low : high) >>> codePoint) & 1) != 0;
        }
    }

    private PercentCoding() {}

    static void encode(StringBuilder out, int codePoint, Set set) {
        if (!set.escapes(codePoint)) {
            out.append((char) codePoint);
            return;
        }
        int valid = codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
        for (byte b : Character.toString(valid).getBytes(StandardCharsets.UTF_8)) {
            out.append('%').append(hex(b >> 4)).append(hex(b));
        }
    }

    static String encode(String text, Set set) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> encode(out, c, set));
        return out.toString();
    }

    /** Percent-decodes, and reads the bytes as UTF-8 with replacement. */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%' && i + 2 < in.length && digit(in[i + 1]) >= 0 && digit(in[i + 2]) >= 0) {
                out.write((digit(in[i + 1]) << 4) | digit(in[i + 2]));
                i += 2;
            } else {
                out.write(in[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static int digit(byte c) {
        return Character.digit(c, 16);
    }

    private static char hex(int nibble) {
        return "0123456789ABCDEF".charAt(nibble & 15);
    }
}
