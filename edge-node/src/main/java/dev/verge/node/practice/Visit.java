package dev.verge.node.practice;

import java.util.List;

/**
 * One way to ask.
 *
 * @param target path and query; {@code {}} in it is another number each time
 * @param fields names in lower case and values, one after the other
 * @param content empty for none
 */
public record Visit(String method, String target, List<String> fields, String content) {
    public Visit {
        fields = List.copyOf(fields);
        if (fields.size() % 2 != 0) {
            throw new IllegalArgumentException("fields: " + fields + " are not pairs of names and values");
        }
    }

    /** A GET. */
    public static Visit get(String target, String... fields) {
        return new Visit("GET", target, List.of(fields), "");
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    String target(long number) {
        return target.replace("{}", Long.toString(number));
    }
}
