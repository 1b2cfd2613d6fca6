package dev.verge.node.exchange;

import org.jspecify.annotations.Nullable;

/** Text inside JSON strings (RFC 8259 §7). Used where building a tree would cost more than the line is worth. */
public final class JsonText {
    private JsonText() {}

    public static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        append(out, text);
        return out.toString();
    }

    /** Appends the text, escaped, without quotes. */
    public static void append(StringBuilder out, String text) {
        int plain = 0;
        while (plain < text.length() && !isEscaped(text.charAt(plain))) {
            plain++;
        }
        if (plain == text.length()) {
            out.append(text);
            return;
        }
        out.append(text, 0, plain);
        for (int i = plain; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isEscaped(c)) {
                out.append(c);
            } else if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else {
                out.append("\\u");
                String hex = Integer.toHexString(c);
                out.append("0000", 0, 4 - hex.length()).append(hex);
            }
        }
    }

    private static boolean isEscaped(char c) {
        return c == '"' || c == '\\' || c < 0x20 || c == 0x7f || Character.isSurrogate(c);
    }

    /** Appends {@code ,"name":"value"}, or nothing when the value is null. */
    public static void member(StringBuilder out, String name, @Nullable String value) {
        if (value != null) {
            out.append(",\"").append(name).append("\":\"");
            append(out, value);
            out.append('"');
        }
    }
}
