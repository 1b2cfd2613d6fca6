package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonCreator;

/** One status code, {@code 404}, or a range of them, {@code 500-599}. */
public record StatusRange(int first, int last) {

    private static final int MIN = 100;
    private static final int MAX = 599;

    public StatusRange {
        if (first < MIN || last > MAX || first > last) {
            throw new IllegalArgumentException(
                    "a status code of " + MIN + " to " + MAX + ", or a range of them; write it like 404 or 500-599");
        }
    }

    /** Reads a code or a range. */
    @JsonCreator
    public static StatusRange parse(String text) {
        if (text.matches("\\d{3}")) {
            int code = Integer.parseInt(text);
            return new StatusRange(code, code);
        }
        if (text.matches("\\d{3}-\\d{3}")) {
            return new StatusRange(Integer.parseInt(text.substring(0, 3)), Integer.parseInt(text.substring(4)));
        }
        return new StatusRange(0, 0);
    }

    /** Whether {@code status} lies within. */
    public boolean contains(int status) {
        return status >= first && status <= last;
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
