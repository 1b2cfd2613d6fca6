package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** An immutable set of status codes, written as {@code 200-299,304}. */
public final class StatusSet {
    private final String text;
    private final BitSet codes;

    private StatusSet(String text, BitSet codes) {
        this.text = text;
        this.codes = codes;
    }

    /** Parses codes and ranges separated by commas. Throws {@link IllegalArgumentException} that names the bad part. */
    @JsonCreator
    public static StatusSet parse(String text) {
        BitSet codes = new BitSet(600);
        for (String part : text.split(",", -1)) {
            String range = part.strip();
            int dash = range.indexOf('-');
            int from = code(dash < 0 ? range : range.substring(0, dash));
            int to = dash < 0 ? from : code(range.substring(dash + 1));
            if (to < from) {
                throw new IllegalArgumentException("\"" + range + "\" ends before it starts; write " + to + "-" + from);
            }
            codes.set(from, to + 1);
        }
        return new StatusSet(text, codes);
    }

    public boolean contains(int status) {
        return status >= 0 && codes.get(status);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StatusSet that && codes.equals(that.codes);
    }

    @Override
    public int hashCode() {
        return codes.hashCode();
    }

    /** As written in the document. */
    @Override
    @JsonValue
    public String toString() {
        return text;
    }

    private static int code(String text) {
        if (text.length() == 3 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int code = Integer.parseInt(text);
            if (code >= 100 && code <= 599) {
                return code;
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a status code; write for example 200-399,404");
    }
}
