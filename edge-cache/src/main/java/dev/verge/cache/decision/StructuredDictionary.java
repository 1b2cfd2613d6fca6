package dev.verge.cache.decision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dictionary or list of structured field values (RFC 9651 §4.2.2), read just far enough for what caches are told: a value is a Long
 * (Integer), a Boolean, a String (String), an {@link InnerList}, or {@link Other}; parameters are checked and dropped.
 */
public final class StructuredDictionary {
    private final String text;
    private int at;

    private StructuredDictionary(String text) {
        this.text = text;
    }

    /** Items in parentheses. */
    public record InnerList(List<Object> items, String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** A value of another type as it is written: token, decimal, bytes, date. */
    public record Other(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** Null when the text is no dictionary: such a field is ignored as a whole (RFC 9213 §2.1). */
    public static @Nullable Map<String, Object> parse(String text) {
        try {
            return new StructuredDictionary(text).dictionary();
        } catch (Malformed malformed) {
            return null;
        }
    }

    /** The members of a list (RFC 9651 §4.2.1); null when the text is none. */
    static @Nullable List<Object> parseList(String text) {
        try {
            return new StructuredDictionary(text).list();
        } catch (Malformed malformed) {
            return null;
        }
    }

    private List<Object> list() throws Malformed {
        List<Object> members = new ArrayList<>();
        skip(" ");
        while (at < text.length()) {
            members.add(peek() == '(' ? innerList() : bareItem());
            parameters();
            if (atEnd()) {
                return members;
            }
        }
        return members;
    }

    /** After a member: whether it was the last one; else the comma is passed. */
    private boolean atEnd() throws Malformed {
        skip(" \t");
        if (at == text.length()) {
            return true;
        }
        expect(',');
        skip(" \t");
        require(at < text.length()); // a trailing comma
        return false;
    }

    private Map<String, Object> dictionary() throws Malformed {
        Map<String, Object> members = new LinkedHashMap<>();
        skip(" ");
        while (at < text.length()) {
            String key = key();
            Object value = true;
            if (peek() == '=') {
                at++;
                value = peek() == '(' ? innerList() : bareItem();
            }
            parameters();
            members.remove(key); // the last of equal keys counts, in its place
            members.put(key, value);
            if (atEnd()) {
                return members;
            }
        }
        return members;
    }

    private void parameters() throws Malformed {
        while (peek() == ';') {
            at++;
            skip(" ");
            key();
            if (peek() == '=') {
                at++;
                bareItem();
            }
        }
    }

    private Object innerList() throws Malformed {
        expect('(');
        int start = at;
        List<Object> items = new ArrayList<>();
        while (true) {
            skip(" ");
            if (peek() == ')') {
                at++;
                return new InnerList(List.copyOf(items), text.substring(start, at - 1));
            }
            items.add(bareItem());
            parameters();
            require(peek() == ' ' || peek() == ')');
        }
    }

    private Object bareItem() throws Malformed {
        char c = peek();
        if (c == '-' || isDigit(c)) {
            return number();
        }
        if (c == '"') {
            return string();
        }
        if (c == '?') {
            at++;
            char flag = next();
            require(flag == '0' || flag == '1');
            return flag == '1';
        }
        if (c == ':') {
            int end = text.indexOf(':', at + 1);
            require(end > 0 && text.substring(at + 1, end).matches("[A-Za-z0-9+/]*={0,2}"));
            Other bytes = new Other(text.substring(at, end + 1));
            at = end + 1;
            return bytes;
        }
        if (c == '@') {
            at++;
            require(number() instanceof Long);
            return new Other("date");
        }
        require(c == '*' || isLetter(c));
        return new Other(token());
    }

    private Object number() throws Malformed {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        require(isDigit(peek()));
        int digits = 0;
        int point = -1;
        while (isDigit(peek()) || (peek() == '.' && point < 0)) {
            if (next() == '.') {
                require(digits <= 12);
                point = digits;
            } else {
                digits++;
            }
        }
        if (point < 0) {
            require(digits <= 15);
            return Long.parseLong(text.substring(start, at));
        }
        require(digits > point && digits - point <= 3);
        return new Other(text.substring(start, at));
    }

    private String string() throws Malformed {
        at++;
        var content = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return content.toString();
            }
            if (c == '\\') {
                c = next();
                require(c == '"' || c == '\\');
            } else {
                require(c >= 0x20 && c < 0x7f);
            }
            content.append(c);
        }
    }

    private String token() {
        int start = at;
        while (isLetter(peek()) || isDigit(peek()) || (peek() != 0 && "!#$%&'*+-.^_`|~:/".indexOf(peek()) >= 0)) {
            at++;
        }
        return text.substring(start, at);
    }

    private String key() throws Malformed {
        int start = at;
        char first = peek();
        require(first == '*' || (first >= 'a' && first <= 'z'));
        while ((peek() >= 'a' && peek() <= 'z') || isDigit(peek()) || (peek() != 0 && "_-.*".indexOf(peek()) >= 0)) {
            at++;
        }
        return text.substring(start, at);
    }

    private void skip(String blanks) {
        while (at < text.length() && blanks.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private char next() throws Malformed {
        require(at < text.length());
        return text.charAt(at++);
    }

    private void expect(char expected) throws Malformed {
        require(next() == expected);
    }

    private static void require(boolean condition) throws Malformed {
        if (!condition) {
            throw new Malformed();
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private Malformed() {
            super("malformed dictionary", null, false, false);
        }
    }
}
