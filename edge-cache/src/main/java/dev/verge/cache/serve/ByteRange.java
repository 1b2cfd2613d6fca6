package dev.verge.cache.serve;

import dev.verge.cache.http.FieldLists;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One satisfiable byte range, or the empty one for a range that cannot be satisfied (RFC 9110 §14.1.2).
 *
 * @param first offset of the first byte
 * @param length bytes; 0 when unsatisfiable
 */
record ByteRange(long first, long length) {
    private static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);

    long last() {
        return first + length - 1;
    }

    /** Null when the field is to be ignored: another unit, malformed, or several ranges (answered as a whole, §14.2). */
    static @Nullable ByteRange single(String range, long total) {
        int equals = range.indexOf('=');
        if (equals < 0
                || !FieldLists.trim(range.substring(0, equals))
                        .toLowerCase(Locale.ROOT)
                        .equals("bytes")) {
            return null;
        }
        List<String> specs = FieldLists.split(range.substring(equals + 1), ',');
        if (specs.size() != 1) {
            return null;
        }
        String spec = specs.getFirst();
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return null;
        }
        return dash == 0 ? suffix(spec.substring(1), total) : interval(spec, dash, total);
    }

    private static @Nullable ByteRange suffix(String digits, long total) {
        long wanted = number(digits);
        if (wanted < 0) {
            return null;
        }
        long length = Math.min(wanted, total);
        return length == 0 ? UNSATISFIABLE : new ByteRange(total - length, length);
    }

    private static @Nullable ByteRange interval(String spec, int dash, long total) {
        long first = number(spec.substring(0, dash));
        long last = dash == spec.length() - 1 ? Long.MAX_VALUE : number(spec.substring(dash + 1));
        if (first < 0 || last < first) {
            return null;
        }
        return first >= total ? UNSATISFIABLE : new ByteRange(first, Math.min(last, total - 1) - first + 1);
    }

    /** -1 when not all digits; very large numbers are capped. */
    private static long number(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return digits.length() > 18 ? Long.MAX_VALUE - 1 : Long.parseLong(digits);
    }
}
