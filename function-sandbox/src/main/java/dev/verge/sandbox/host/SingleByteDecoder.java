package dev.verge.sandbox.host;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Encodings of one byte a character (Encoding Standard §9, and x-user-defined). The tables are the JDK's where it has one, with the
 * controls U+0080 to U+009F where it has none, as the standard's indexes have them.
 */
final class SingleByteDecoder {
    private static final Map<String, String> CHARSETS = charsets();
    private static final Map<String, SingleByteDecoder> MADE = new ConcurrentHashMap<>();
    private static final char NONE = '\ufffd';
    private static final int FIRST_PRINTABLE = 0xa0;

    /** Characters of the bytes 160 to 255 in encodings that the JDK does not know. */
    private static final Map<String, String> OWN = Map.of(
            "iso-8859-10",
            "\u00a0ĄĒĢĪĨĶ§ĻĐŠŦŽ\u00adŪŊ°ąēģīĩķ·ļđšŧž―ūŋĀÁÂÃÄÅÆĮČÉĘËĖÍÎÏ"
                    + "ÐŅŌÓÔÕÖŨØŲÚÛÜÝÞßāáâãäåæįčéęëėíîïðņōóôõöũøųúûüýþĸ",
            "iso-8859-14",
            "\u00a0Ḃḃ£ĊċḊ§Ẁ©ẂḋỲ\u00ad®ŸḞḟĠġṀṁ¶ṖẁṗẃṠỳẄẅṡÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ"
                    + "ŴÑÒÓÔÕÖṪØÙÚÛÜÝŶßàáâãäåæçèéêëìíîïŵñòóôõöṫøùúûüýŷÿ");

    /** Characters of the bytes 128 to 255. */
    private final char[] upper = new char[128];

    private SingleByteDecoder(String encoding) {
        String own = OWN.get(encoding);
        String charset = CHARSETS.get(encoding);
        for (int i = 0; i < 128; i++) {
            int value = i + 128;
            if (own != null) {
                upper[i] = value < FIRST_PRINTABLE ? (char) value : own.charAt(value - FIRST_PRINTABLE);
            } else if (charset == null || charset.isEmpty()) {
                upper[i] = (char) (0xf780 + i);
            } else {
                upper[i] = character(Charset.forName(charset), encoding, value);
            }
        }
    }

    private static char character(Charset charset, String encoding, int value) {
        char decoded = new String(new byte[] {(byte) value}, charset).charAt(0);
        if (encoding.equals("koi8-u") && (value == 0xae || value == 0xbe)) {
            // The standard follows KOI8-RU here, the JDK KOI8-U.
            return value == 0xae ? '\u045e' : '\u040e';
        }
        if (encoding.equals("windows-1255") && value == 0xca) {
            return '\u05ba'; // a point that the JDK's table is older than
        }
        return decoded == NONE && value < FIRST_PRINTABLE ? (char) value : decoded;
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
