package dev.verge.control.api;

import dev.verge.control.resource.Page;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which part of a list a call asks for.
 *
 * @param after the last item of the page before; empty for the first page
 * @param limit most items of a page
 */
public record Paging(String after, int limit) {
    private static final int DEFAULT = 100;
    private static final int MOST = 500;

    /** How many rows to read: one more than the page holds tells whether there is a next one. */
    public int rows() {
        return limit + 1;
    }

    /** Where the page before ended, in a list by number; empty for the first page. */
    public Optional<Long> numberAfter() {
        if (after.isEmpty()) {
            return Optional.empty();
        }
        if (!after.matches("[0-9]{1,18}")) {
            throw Problems.malformed(
                    "cursor is none that this list gave out; pass next of the page before, or leave it out.");
        }
        return Optional.of(Long.parseLong(after));
    }

    /** The page out of {@link #rows()} rows at most. */
    public <T> Page<T> page(List<T> rows, Function<T, String> key) {
        if (rows.size() <= limit) {
            return new Page<>(List.copyOf(rows), null);
        }
        List<T> items = List.copyOf(rows.subList(0, limit));
        return new Page<>(items, encode(key.apply(items.getLast())));
    }

    static Paging of(Call call) {
        int limit = call.query("limit")
                .map(text -> {
                    if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST) {
                        throw Problems.malformed("limit is \"" + text + "\"; write a number from 1 to " + MOST + ".");
                    }
                    return Integer.parseInt(text);
                })
                .orElse(DEFAULT);
        return new Paging(call.query("cursor").map(Paging::decode).orElse(""), limit);
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problems.malformed(
                    "cursor is none that this list gave out; pass next of the page before, or leave it out.");
        }
    }
}
