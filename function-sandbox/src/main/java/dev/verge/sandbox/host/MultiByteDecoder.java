package dev.verge.sandbox.host;

import java.util.Locale;

/** Encodings of several bytes a character (Encoding Standard §10 to §13), without the stateful one. */
enum MultiByteDecoder {
    GB18030,
    BIG5,
    EUC_JP,
    SHIFT_JIS,
    EUC_KR;

    /** More bytes are needed. */
    private static final int PARTIAL = 0;

    static MultiByteDecoder of(String encoding) {
        return encoding.equals("gbk")
                ? GB18030
                : valueOf(encoding.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Decodes what is whole; gives the number of bytes read, which is all of them at the end. */
    int decode(byte[] in, DecodedText out, boolean last) {
        int at = 0;
        while (at < in.length) {
            int lead = in[at] & 0xff;
            int read = lead < 0x80 ? plain(lead, out) : step(in, at, lead, out);
            if (read == PARTIAL) {
                if (last) {
                    out.wrong();
                    return in.length;
                }
                return at;
            }
            at += read;
        }
        return at;
    }

    private static int plain(int character, DecodedText out) {
        out.add(character);
        return 1;
    }

    private static int wrong(int read, DecodedText out) {
        out.wrong();
        return read;
    }

    private static boolean within(int value, int first, int last) {
        return value >= first && value <= last;
    }

    private static int byteAt(byte[] in, int at) {
        return at < in.length ? in[at] & 0xff : -1;
    }

    private int step(byte[] in, int at, int lead, DecodedText out) {
        int next = byteAt(in, at + 1);
        return switch (this) {
            case GB18030 -> {
                if (lead == 0x80) {
                    yield plain(0x20ac, out);
                }
                yield lead == 0xff ? wrong(1, out) : gb18030(in, at, lead, next, out);
            }
            case BIG5 -> within(lead, 0x81, 0xfe) ? pair(lead, next, out) : wrong(1, out);
            case EUC_KR -> within(lead, 0x81, 0xfe) ? pair(lead, next, out) : wrong(1, out);
            case EUC_JP ->
                within(lead, 0xa1, 0xfe) || lead == 0x8e || lead == 0x8f
                        ? eucJp(in, at, lead, next, out)
                        : wrong(1, out);
            case SHIFT_JIS -> {
                if (lead == 0x80) {
                    yield plain(0x80, out);
                }
                if (within(lead, 0xa1, 0xdf)) {
                    yield plain(0xff61 - 0xa1 + lead, out);
                }
                yield within(lead, 0x81, 0x9f) || within(lead, 0xe0, 0xfc) ? pair(lead, next, out) : wrong(1, out);
            }
        };
    }

    /** A character of two bytes. When there is none, a second byte that is ASCII stands for itself. */
    private int pair(int lead, int next, DecodedText out) {
        if (next < 0) {
            return PARTIAL;
        }
        String found = switch (this) {
            case BIG5 -> CharacterTables.big5(lead, next);
            case EUC_KR -> CharacterTables.eucKr(lead, next);
            case SHIFT_JIS -> CharacterTables.shiftJis(lead, next);
            case GB18030 -> CharacterTables.gb18030(lead, next);
            case EUC_JP -> CharacterTables.jis0208(lead, next);
        };
        if (found.isEmpty()) {
            return wrong(next < 0x80 ? 1 : 2, out);
        }
        out.add(found);
        return 2;
    }

    private int eucJp(byte[] in, int at, int lead, int next, DecodedText out) {
        if (next < 0) {
            return PARTIAL;
        }
        if (lead == 0x8e && within(next, 0xa1, 0xdf)) {
            out.add(0xff61 - 0xa1 + next);
            return 2;
        }
        if (lead != 0x8f || !within(next, 0xa1, 0xfe)) {
            return pair(lead, next, out);
        }
        int third = byteAt(in, at + 2);
        if (third < 0) {
            return PARTIAL;
        }
        String found = CharacterTables.jis0212(next, third);
        if (found.isEmpty()) {
            return wrong(third < 0x80 ? 2 : 3, out);
        }
        out.add(found);
        return 3;
    }

    private int gb18030(byte[] in, int at, int lead, int next, DecodedText out) {
        if (!within(next, 0x30, 0x39)) {
            return pair(lead, next, out);
        }
        int third = byteAt(in, at + 2);
        if (third < 0) {
            return PARTIAL;
        }
        if (!within(third, 0x81, 0xfe)) {
            return wrong(1, out);
        }
        int fourth = byteAt(in, at + 3);
        if (fourth < 0) {
            return PARTIAL;
        }
        if (!within(fourth, 0x30, 0x39)) {
            return wrong(1, out);
        }
        String found = CharacterTables.gb18030(lead, next, third, fourth);
        if (found.isEmpty()) {
            return wrong(4, out);
        }
        out.add(found);
        return 4;
    }
}
