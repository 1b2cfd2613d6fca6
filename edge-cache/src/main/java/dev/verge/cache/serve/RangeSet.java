package dev.verge.cache.serve;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a Range field asks of a body whose length is known (RFC 9110 §14.1.2, §14.2). */
sealed interface RangeSet {
    /**
     * More ranges than this are answered with the whole (§14.2, §17.15). Ranges that touch are merged, so whatever is asked, no
     * byte is sent twice; this bounds the heads of the parts that come on top.
     */
    int MAX_RANGES = 64;

    /** Neither a number nor left out. */
    long NO_NUMBER = -2;

    /** No usable wish: the whole is sent. */
    record Ignored() implements RangeSet {}

    /** Nothing of the body is within the ranges: 416. */
    record Unsatisfiable() implements RangeSet {}

    /**
     * What is to be sent, in the order it was asked for.
     *
     * @param ranges at least one; none overlaps or touches another
     */
    record Ranges(List<ByteRange> ranges) implements RangeSet {}

    /**
     * Reads the field. A field that breaks the grammar anywhere is ignored (§14.2), as is one in another unit and one that is
     * repeated: it is no list.
     *
     * @param total length of the body
     */
    static RangeSet of(HttpFields fields, long total) {
        List<String> lines = fields.all("Range");
        @Nullable List<String> specs = lines.size() == 1 ? specs(FieldLists.trim(lines.getFirst())) : null;
        if (specs == null) {
            return new Ignored();
        }
        List<ByteRange> ranges = new ArrayList<>(specs.size());
        for (String spec : specs) {
            int dash = spec.indexOf('-');
            long first = dash == 0 ? -1 : number(spec, 0, dash);
            long last = dash == spec.length() - 1 ? -1 : number(spec, dash + 1, spec.length());
            boolean isRange = dash >= 0 && first != NO_NUMBER && last != NO_NUMBER && (first >= 0 || last >= 0);
            if (!isRange || (first >= 0 && last >= 0 && last < first)) {
                return new Ignored();
            }
            if (first < 0 && last > 0 && total == 0) {
                // A suffix of nothing is satisfied (§14.1.2), but there is no Content-Range that could say so.
                return new Ignored();
            }
            @Nullable ByteRange range = first < 0 ? suffix(last, total) : interval(first, last, total);
            if (range != null) {
                ranges.add(range);
            }
        }
        return ranges.isEmpty() ? new Unsatisfiable() : new Ranges(merged(ranges));
    }

    /** The list after {@code bytes=}; null when it is none that is read. */
    private static @Nullable List<String> specs(String value) {
        int equals = value.indexOf('=');
        // §14.1: the unit's name has no case.
        if (equals < 0 || !value.substring(0, equals).equalsIgnoreCase("bytes")) {
            return null;
        }
        String list = value.substring(equals + 1);
        if (list.isEmpty() || list.charAt(0) == ' ' || list.charAt(0) == '\t') {
            return null;
        }
        List<String> specs = FieldLists.split(list, ',');
        return specs.isEmpty() || specs.size() > MAX_RANGES ? null : specs;
    }

    private static @Nullable ByteRange suffix(long wanted, long total) {
        long length = Math.min(wanted, total);
        return length == 0 ? null : new ByteRange(total - length, length);
    }

    private static @Nullable ByteRange interval(long first, long last, long total) {
        if (first >= total) {
            return null;
        }
        long end = last < 0 ? total - 1 : Math.min(last, total - 1);
        return new ByteRange(first, end - first + 1);
    }

    /** Digits only; numbers beyond any body are all the same one. */
    private static long number(String text, int from, int to) {
        if (to <= from) {
            return NO_NUMBER;
        }
        long sum = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NO_NUMBER;
            }
            sum = sum > Long.MAX_VALUE / 10 - 1 ? Long.MAX_VALUE - 1 : sum * 10 + digit;
        }
        return sum;
    }

    /**
     * §15.3.7.2: ranges that overlap or touch become one, which takes the place of the first of them.
     *
     * @return in the order they were asked for
     */
    private static List<ByteRange> merged(List<ByteRange> asked) {
        if (asked.size() == 1) {
            return List.copyOf(asked);
        }
        record Placed(ByteRange range, int place) {}
        List<Placed> byPosition = new ArrayList<>(asked.size());
        for (int i = 0; i < asked.size(); i++) {
            byPosition.add(new Placed(asked.get(i), i));
        }
        byPosition.sort(Comparator.comparingLong(placed -> placed.range().first()));
        List<Placed> merged = new ArrayList<>(asked.size());
        for (Placed next : byPosition) {
            @Nullable Placed open = merged.isEmpty() ? null : merged.getLast();
            if (open == null || next.range().first() > open.range().last() + 1) {
                merged.add(next);
            } else {
                long first = open.range().first();
                long last = Math.max(open.range().last(), next.range().last());
                var both = new ByteRange(first, last - first + 1);
                merged.set(merged.size() - 1, new Placed(both, Math.min(open.place(), next.place())));
            }
        }
        merged.sort(Comparator.comparingInt(Placed::place));
        return merged.stream().map(Placed::range).toList();
    }
}
