package dev.verge.deploy.nginx;

import org.jspecify.annotations.Nullable;

/** The words of one file. {@code ; { }} are words of their own unless quoted; a {@code ${name}} in a word is part of it. */
final class Words {
    private final String text;
    private final String file;
    private int at;
    private int line = 1;
    private int begun = 1;
    private boolean mark;

    Words(String text, String file) {
        this.text = text;
        this.file = file;
    }

    /** The next word, null at the end. */
    @Nullable
    String next() throws NginxSyntaxException {
        skip();
        begun = line;
        mark = false;
        if (at >= text.length()) {
            return null;
        }
        char first = text.charAt(at);
        if (first == ';' || first == '{' || first == '}') {
            mark = true;
            at++;
            return String.valueOf(first);
        }
        if (first == '"' || first == '\'') {
            return quoted(first);
        }
        StringBuilder word = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                // A backslash keeps what follows from ending the word, and stays: it is the regular expression's.
                word.append(c).append(text.charAt(at + 1));
                at += 2;
                continue;
            }
            boolean variable = c == '{' && !word.isEmpty() && word.charAt(word.length() - 1) == '$';
            if (variable) {
                int end = text.indexOf('}', at);
                if (end < 0) {
                    throw wrong("${ without }");
                }
                word.append(text, at, end + 1);
                at = end + 1;
                continue;
            }
            if (Character.isWhitespace(c) || c == ';' || c == '{' || c == '}') {
                break;
            }
            word.append(c);
            at++;
        }
        return word.toString();
    }

    private String quoted(char quote) throws NginxSyntaxException {
        StringBuilder word = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == quote) {
                at++;
                return word.toString();
            }
            if (c == '\n') {
                line++;
            }
            boolean escaped = c == '\\' && at + 1 < text.length();
            if (escaped && (text.charAt(at + 1) == quote || text.charAt(at + 1) == '\\')) {
                at++;
                word.append(text.charAt(at));
            } else {
                word.append(c);
            }
        }
        throw wrong("a quote is not closed");
    }

    private void skip() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else {
                return;
            }
        }
    }

    /** Whether the last word is a mark and not text. */
    boolean isMark() {
        return mark;
    }

    /** The line on which the last word began. */
    int line() {
        return begun;
    }

    String file() {
        return file;
    }

    NginxSyntaxException wrong(String problem) {
        return new NginxSyntaxException(file, begun, problem);
    }
}
