package dev.verge.cache.http;

import java.util.ArrayList;
import java.util.List;

/** List-based fields (RFC 9110 §5.6.1): commas separate members, except inside quoted strings. */
public final class FieldLists {
    private FieldLists() {}

    /** The members of every line of the field, trimmed, without empty ones. */
    public static List<String> members(HttpFields fields, String name) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase(name)) {
                split(fields.value(i), ',', members);
            }
        }
        return members;
    }

    /** The members of one value, trimmed, without empty ones. An unterminated quoted string runs to the end. */
    public static List<String> split(String value, char separator) {
        List<String> members = new ArrayList<>();
        split(value, separator, members);
        return members;
    }

    private static void split(String value, char separator, List<String> members) {
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == separator) {
                addTrimmed(value, start, i, members);
                start = i + 1;
            }
        }
        addTrimmed(value, start, value.length(), members);
    }

    private static void addTrimmed(String value, int from, int to, List<String> members) {
        int start = from;
        int end = to;
        while (start < end && isWhitespace(value.charAt(start))) {
            start++;
        }
        while (end > start && isWhitespace(value.charAt(end - 1))) {
            end--;
        }
        if (end > start) {
            members.add(value.substring(start, end));
        }
    }

    /** Removes OWS (space, tab) at both ends. */
    public static String trim(String value) {
        List<String> one = new ArrayList<>(1);
        addTrimmed(value, 0, value.length(), one);
        return one.isEmpty() ? "" : one.getFirst();
    }

    private static boolean isWhitespace(char c) {
        return c == ' ' || c == '\t';
    }

    /** The content of a quoted string (RFC 9110 §5.6.4) with its escapes resolved; other text as it is. */
    public static String unquote(String value) {
        if (value.length() < 2 || value.charAt(0) != '"' || value.charAt(value.length() - 1) != '"') {
            return value;
        }
        var text = new StringBuilder(value.length());
        for (int i = 1; i < value.length() - 1; i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length() - 1) {
                c = value.charAt(++i);
            }
            text.append(c);
        }
        return text.toString();
    }

    /** A token (RFC 9110 §5.6.2): one or more tchar. */
    public static boolean isToken(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
