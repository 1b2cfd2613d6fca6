package dev.verge.cache.http;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of a partial response belong (RFC 9110 §14.4).
 *
 * @param first offset of the first byte; {@link #NONE} in the form without a range ({@code bytes *}{@code /10})
 * @param last offset of the last byte, not before the first; {@link #NONE} in the form without a range
 * @param complete bytes of the whole representation; {@link #UNKNOWN} when the sender does not say ({@code bytes 0-4/*})
 */
public record ContentRange(long first, long last, long complete) {
    /** No range: nothing of the representation is there. */
    public static final long NONE = -1;
    /** The complete length is not stated. */
    public static final long UNKNOWN = -1;

    /** More digits than this are no offset that a body can have. */
    private static final int MAX_DIGITS = 18;

    /** The range of a response; null when it has none, more than one, another unit, or one that contradicts itself. */
    public static @Nullable ContentRange of(HttpFields fields) {
        List<String> lines = fields.all("Content-Range");
        return lines.size() == 1 ? parse(FieldLists.trim(lines.getFirst())) : null;
    }

    /** A range that is there, of a representation of known length. */
    public static ContentRange part(long first, long length, long complete) {
        return new ContentRange(first, first + length - 1, complete);
    }

    /** Only the length of the representation. */
    public static ContentRange nothingOf(long complete) {
        return new ContentRange(NONE, NONE, complete);
    }

    static @Nullable ContentRange parse(String text) {
        int blank = text.indexOf(' ');
        int slash = text.indexOf('/');
        if (blank < 0
                || slash < blank
                || !text.substring(0, blank).toLowerCase(Locale.ROOT).equals("bytes")) {
            return null;
        }
        String range = FieldLists.trim(text.substring(blank + 1, slash));
        String length = text.substring(slash + 1);
        long complete = length.equals("*") ? UNKNOWN : number(length);
        boolean lengthIsReadable = length.equals("*") || complete >= 0;
        if (range.equals("*")) {
            return complete >= 0 ? nothingOf(complete) : null;
        }
        int dash = range.indexOf('-');
        if (dash < 0 || !lengthIsReadable) {
            return null;
        }
        long first = number(range.substring(0, dash));
        long last = number(range.substring(dash + 1));
        boolean consistent = first >= 0 && last >= first && (complete < 0 || last < complete);
        return consistent ? new ContentRange(first, last, complete) : null;
    }

    private static long number(String digits) {
        boolean valid = !digits.isEmpty()
                && digits.length() <= MAX_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return valid ? Long.parseLong(digits) : -1;
    }

    /** Whether there are bytes: the other form only states the length. */
    public boolean hasBytes() {
        return first >= 0;
    }

    /** Bytes in the range; 0 in the form without one. */
    public long length() {
        return hasBytes() ? last - first + 1 : 0;
    }

    /** Whether the range ends where the representation ends. */
    public boolean reachesEnd() {
        return hasBytes() && last == complete - 1;
    }

    public boolean isWhole() {
        return first == 0 && reachesEnd();
    }

    /** The field value. */
    @Override
    public String toString() {
        return "bytes " + (hasBytes() ? first + "-" + last : "*") + "/" + (complete < 0 ? "*" : complete);
    }
}
