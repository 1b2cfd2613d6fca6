package dev.verge.node.server.http1;

/** Classes of bytes, by table. */
final class Octets {
    private static final byte TOKEN = 1;
    private static final byte VALUE = 2;
    private static final byte TARGET = 4;
    private static final byte[] CLASSES = new byte[256];

    static {
        for (int b = 0; b < CLASSES.length; b++) {
            boolean letterOrDigit = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
            if (letterOrDigit || (b < 128 && "!#$%&'*+-.^_`|~".indexOf(b) >= 0)) {
                CLASSES[b] |= TOKEN;
            }
            if (b == '\t' || (b >= ' ' && b != 127)) {
                CLASSES[b] |= VALUE;
            }
            if (b > ' ' && b < 127 && b != '#') {
                CLASSES[b] |= TARGET;
            }
        }
    }

    private Octets() {}

    /** RFC 9110 §5.6.2, {@code tchar}. */
    static boolean isToken(byte b) {
        return (CLASSES[b & 0xff] & TOKEN) != 0;
    }

    /** What may stand in a field value: visible bytes, space, tab, and bytes above 127 (RFC 9110 §5.5). */
    static boolean isValue(byte b) {
        return (CLASSES[b & 0xff] & VALUE) != 0;
    }

    /** Visible ASCII without the number sign: a fragment is never sent (RFC 9112 §3.2). */
    static boolean isTarget(byte b) {
        return (CLASSES[b & 0xff] & TARGET) != 0;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
