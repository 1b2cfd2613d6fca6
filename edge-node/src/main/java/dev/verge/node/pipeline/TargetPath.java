package dev.verge.node.pipeline;

/**
 * The path of a target as RFC 3986 §3.3 writes it. Square brackets, bars and carets, which browsers leave as they are, are no delimiters
 * there and pass; the other bytes that no path may hold are read in one way by some servers and in another by others, as is a percent sign
 * that begins no escape. Queries are not looked at: clients write all of that there, and none of it leads elsewhere.
 */
final class TargetPath {
    private static final boolean[] REFUSED = new boolean[128];

    static {
        for (char c : "\"<>\\`{}".toCharArray()) {
            REFUSED[c] = true;
        }
    }

    private TargetPath() {}

    /** Whether every reader makes the same of it. */
    static boolean isReadable(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c >= REFUSED.length || REFUSED[c] || (c == '%' && !isEscape(path, i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEscape(String path, int at) {
        return at + 2 < path.length()
                && Character.digit(path.charAt(at + 1), 16) >= 0
                && Character.digit(path.charAt(at + 2), 16) >= 0;
    }
}
