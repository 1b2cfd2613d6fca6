package dev.verge.sandbox.host;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Base64 of texts whose characters are bytes (HTML §8.3, Infra §7). */
final class Base64Text {
    private Base64Text() {}

    /** Null when a character is no byte. */
    static @Nullable String encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return null;
            }
        }
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Forgiving of white space and of missing padding; null when it is not base64. */
    static @Nullable String decode(String text) {
        StringBuilder digits = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            if (one != ' ' && one != '\t' && one != '\n' && one != '\f' && one != '\r') {
                digits.append(one);
            }
        }
        int length = digits.length();
        if (length % 4 == 0) {
            for (int padding = 0; padding < 2 && length > 0 && digits.charAt(length - 1) == '='; padding++) {
                length--;
            }
        }
        if (length % 4 == 1) {
            return null;
        }
        byte[] bytes = new byte[length * 3 / 4];
        int at = 0;
        int held = 0;
        int bits = 0;
        for (int i = 0; i < length; i++) {
            int value = digit(digits.charAt(i));
            if (value < 0) {
                return null;
            }
            held = (held << 6 | value) & 0xffff;
            bits += 6;
            if (bits >= 8) {
                bits -= 8;
                bytes[at++] = (byte) (held >> bits);
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static int digit(char one) {
        if (one >= 'A' && one <= 'Z') {
            return one - 'A';
        }
        if (one >= 'a' && one <= 'z') {
            return one - 'a' + 26;
        }
        if (one >= '0' && one <= '9') {
            return one - '0' + 52;
        }
        return one == '+' ? 62 : one == '/' ? 63 : -1;
    }
}
