package dev.verge.sandbox.host;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Encodings of one byte a character (Encoding Standard §9, and x-user-defined). The tables are the JDK's, with the controls U+0080 to
 * U+009F where it has none, as the standard's indexes have them.
 */
final class SingleByteDecoder {
    private static final Map<String, String> CHARSETS = charsets();
    private static final Map<String, SingleByteDecoder> MADE = new ConcurrentHashMap<>();
    private static final char NONE = '\ufffd';

    /** Characters of the bytes 128 to 255. */
    private final char[] upper = new char[128];

    private SingleByteDecoder(String encoding) {
        String charset = CHARSETS.get(encoding);
        for (int i = 0; i < 128; i++) {
            upper[i] = charset == null || charset.isEmpty()
                    ? (char) (0xf780 + i)
                    : character(Charset.forName(charset), encoding, i + 128);
        }
    }

    private static char character(Charset charset, String encoding, int value) {
        char decoded = new String(new byte[] {(byte) value}, charset).charAt(0);
        if (encoding.equals("koi8-u") && (value == 0xae || value == 0xbe)) {
            // The standard follows KOI8-RU here, the JDK KOI8-U.
            return value == 0xae ? '\u045e' : '\u040e';
        }
        return decoded == NONE && value < 0xa0 ? (char) value : decoded;
    }

    private static Map<String, String> charsets() {
        Map<String, String> names = new HashMap<>();
        for (int part : new int[] {2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16}) {
            names.put("iso-8859-" + part, "ISO-8859-" + part);
        }
        names.put("iso-8859-8-i", "ISO-8859-8");
        for (int page = 1250; page <= 1258; page++) {
            names.put("windows-" + page, "windows-" + page);
        }
        names.put("ibm866", "IBM866");
        names.put("koi8-r", "KOI8-R");
        names.put("koi8-u", "KOI8-U");
        names.put("macintosh", "x-MacRoman");
        names.put("windows-874", "x-windows-874");
        names.put("x-mac-cyrillic", "x-MacUkraine");
        names.put("x-user-defined", "");
        return names;
    }

    /** The decoder of an encoding; null for those of several bytes. */
    static @Nullable SingleByteDecoder of(String encoding) {
        return CHARSETS.containsKey(encoding) ? MADE.computeIfAbsent(encoding, SingleByteDecoder::new) : null;
    }

    void decode(byte[] input, DecodedText out) {
        for (byte one : input) {
            char character = one >= 0 ? (char) one : upper[one & 0x7f];
            if (character == NONE) {
                out.wrong();
            } else {
                out.add(character);
            }
        }
    }
}
