package dev.verge.sandbox.sourcemap;

import java.util.ArrayList;
import java.util.List;

/**
 * The JSON of a source map, read for the three members that matter; all else is passed over. Lenient where a strict reader would refuse,
 * as nothing is decided by it but what a log says.
 */
final class MapText {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_SOURCES = 10_000;

    private final String text;
    private int at;
    private String mappings = "";
    private String root = "";
    private final List<String> sources = new ArrayList<>();

    private MapText(String text) {
        this.text = text;
    }

    /**
     * What a map says.
     *
     * @param mappings in base64 VLQ
     * @param sources names, as written
     * @param root what stands before each of them
     */
    record Read(String mappings, List<String> sources, String root) {}

    /** Fails with {@link IllegalArgumentException} for what is no JSON object. */
    static Read read(String json) {
        MapText reader = new MapText(json);
        reader.object();
        return new Read(reader.mappings, reader.sources, reader.root);
    }

    private void object() {
        need('{');
        while (!skipIf('}')) {
            String name = string();
            need(':');
            switch (name) {
                case "mappings" -> mappings = stringOr();
                case "sourceRoot" -> root = stringOr();
                case "sources" -> list();
                default -> skip(0);
            }
            skipIf(',');
        }
    }

    private void list() {
        need('[');
        while (!skipIf(']')) {
            String source = stringOr();
            if (sources.size() < MAX_SOURCES) {
                sources.add(source);
            }
            skipIf(',');
        }
    }

    /** A string, or empty for a value of another kind. */
    private String stringOr() {
        if (peek() == '"') {
            return string();
        }
        skip(0);
        return "";
    }

    private void skip(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested too deep");
        }
        char c = peek();
        switch (c) {
            case '"' -> string();
            case '{', '[' -> {
                at++;
                char end = c == '{' ? '}' : ']';
                while (!skipIf(end)) {
                    skip(depth + 1);
                    skipIf(':');
                    skipIf(',');
                }
            }
            default -> {
                int from = at;
                while (at < text.length() && ",:]}\"{[".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                if (at == from) {
                    throw new IllegalArgumentException("a value is missing at " + at);
                }
            }
        }
    }

    private String string() {
        need('"');
        StringBuilder out = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return out.toString();
            }
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escape = next();
            switch (escape) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'u' -> {
                    if (at + 4 > text.length()) {
                        throw new IllegalArgumentException("cut short");
                    }
                    out.append((char) Integer.parseInt(text, at, at + 4, 16));
                    at += 4;
                }
                default -> out.append(escape);
            }
        }
    }

    private char next() {
        if (at >= text.length()) {
            throw new IllegalArgumentException("cut short");
        }
        return text.charAt(at++);
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at >= text.length()) {
            throw new IllegalArgumentException("cut short");
        }
        return text.charAt(at);
    }

    private void need(char c) {
        if (peek() != c) {
            throw new IllegalArgumentException("no " + c + " at " + at);
        }
        at++;
    }

    private boolean skipIf(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }
}
