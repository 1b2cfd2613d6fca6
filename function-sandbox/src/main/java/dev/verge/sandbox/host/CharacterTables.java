package dev.verge.sandbox.host;

import java.nio.charset.Charset;

/** Characters of the Encoding Standard's indexes, from the JDK's charsets. An empty text says that there is none. */
final class CharacterTables {
    private static final Charset BIG5 = Charset.forName("Big5-HKSCS");
    private static final Charset KOREAN = Charset.forName("x-windows-949");
    private static final Charset JAPANESE = Charset.forName("windows-31j");
    private static final Charset JIS_0212 = Charset.forName("EUC-JP");
    private static final Charset CHINESE = Charset.forName("GB18030");

    /** Places of four bytes, counted as {@link #gb18030(int, int, int, int)} does: 82 35 90 37 and 84 31 82 36. */
    private static final int FROM_9FB4 = ((0x82 * 10 + 0x35) * 126 + 0x90) * 10 + 0x37;

    private static final int FROM_FE10 = ((0x84 * 10 + 0x31) * 126 + 0x82) * 10 + 0x36;

    private CharacterTables() {}

    private static boolean within(int value, int first, int last) {
        return value >= first && value <= last;
    }

    private static String decoded(Charset charset, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        String text = new String(bytes, charset);
        return text.indexOf('\ufffd') >= 0 ? "" : text;
    }

    static String big5(int lead, int trail) {
        return within(trail, 0x40, 0x7e) || within(trail, 0xa1, 0xfe) ? decoded(BIG5, lead, trail) : "";
    }

    static String eucKr(int lead, int trail) {
        String found = within(trail, 0x41, 0xfe) ? decoded(KOREAN, lead, trail) : "";
        // Private characters of the JDK's table are none in the standard's.
        return found.isEmpty() || within(found.charAt(0), 0xe000, 0xf8ff) ? "" : found;
    }

    static String shiftJis(int lead, int trail) {
        return within(trail, 0x40, 0xfc) && trail != 0x7f ? decoded(JAPANESE, lead, trail) : "";
    }

    /** By the bytes of EUC-JP. */
    static String jis0208(int lead, int trail) {
        if (!within(lead, 0xa1, 0xfe) || !within(trail, 0xa1, 0xfe)) {
            return "";
        }
        int row = lead - 0xa1;
        int cell = trail - 0xa1 + (row % 2 == 0 ? 0 : 94);
        int first = row / 2 + (row / 2 < 0x1f ? 0x81 : 0xc1);
        String found = shiftJis(first, cell + (cell < 0x3f ? 0x40 : 0x41));
        return found.isEmpty() || within(found.charAt(0), 0xe000, 0xf8ff) ? "" : found;
    }

    /** By the second and third byte of EUC-JP. */
    static String jis0212(int second, int third) {
        if (!within(third, 0xa1, 0xfe)) {
            return "";
        }
        return second == 0xa2 && third == 0xb7 ? "\uff5e" : decoded(JIS_0212, 0x8f, second, third);
    }

    static String gb18030(int lead, int trail) {
        if (lead == 0xa3 && trail == 0xa0) {
            return "\u3000";
        }
        return within(trail, 0x40, 0xfe) && trail != 0x7f ? decoded(CHINESE, lead, trail) : "";
    }

    /**
     * The edition of 2022 gave 18 characters of four bytes to private use, whose two bytes they took over. The standard still has them at
     * both places.
     */
    static String gb18030(int lead, int second, int third, int fourth) {
        int pointer = ((lead * 10 + second) * 126 + third) * 10 + fourth;
        if (within(pointer, FROM_9FB4, FROM_9FB4 + 7)) {
            return String.valueOf((char) (0x9fb4 + pointer - FROM_9FB4));
        }
        if (within(pointer, FROM_FE10, FROM_FE10 + 9)) {
            return String.valueOf((char) (0xfe10 + pointer - FROM_FE10));
        }
        return decoded(CHINESE, lead, second, third, fourth);
    }
}
