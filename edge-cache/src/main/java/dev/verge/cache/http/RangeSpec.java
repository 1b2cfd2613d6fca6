package dev.verge.cache.http;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The one byte range that a request asks for (RFC 9110 §14.1.2). */
public sealed interface RangeSpec {
    /**
     * From an offset to another or to the end.
     *
     * @param last {@link Long#MAX_VALUE} for the end
     */
    record Interval(long first, long last) implements RangeSpec {}

    /** The last bytes. */
    record Suffix(long length) implements RangeSpec {}

    /** Null when there is no Range, or it is to be ignored or asks for several: then this is no request for one part. */
    static @Nullable RangeSpec of(HttpFields fields) {
        List<String> lines = fields.all("Range");
        if (lines.size() != 1) {
            return null;
        }
        String range = lines.getFirst();
        int equals = range.indexOf('=');
        if (equals < 0
                || !FieldLists.trim(range.substring(0, equals))
                        .toLowerCase(Locale.ROOT)
                        .equals("bytes")) {
            return null;
        }
        List<String> specs = FieldLists.split(range.substring(equals + 1), ',');
        return specs.size() == 1 ? spec(specs.getFirst()) : null;
    }

    private static @Nullable RangeSpec spec(String spec) {
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return null;
        }
        if (dash == 0) {
            long length = number(spec.substring(1));
            return length < 0 ? null : new Suffix(length);
        }
        long first = number(spec.substring(0, dash));
        long last = dash == spec.length() - 1 ? Long.MAX_VALUE : number(spec.substring(dash + 1));
        return first < 0 || last < first ? null : new Interval(first, last);
    }

    /** -1 when not all digits. Very large numbers are capped: no body has that many bytes. */
    private static long number(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    /** Offset of the first byte in a representation of that length; the length itself or more when there is none. */
    default long firstIn(long complete) {
        return switch (this) {
            case Interval interval -> interval.first();
            case Suffix suffix -> suffix.length() == 0 ? complete : Math.max(0, complete - suffix.length());
        };
    }

    /** Offset of the last byte in a representation of that length. */
    default long lastIn(long complete) {
        return switch (this) {
            case Interval interval -> Math.min(interval.last(), complete - 1);
            case Suffix suffix -> complete - 1;
        };
    }
}
