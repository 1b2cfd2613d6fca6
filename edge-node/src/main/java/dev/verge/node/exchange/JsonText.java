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
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
                out.append("\\u");
                String hex = Integer.toHexString(c);
                out.append("0000", 0, 4 - hex.length()).append(hex);
            } else {
                out.append(c);
            }
        }
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
