package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import org.jspecify.annotations.Nullable;

/** The stated length of a body. */
final class ContentLength {
    private ContentLength() {}

    /** {@link StoredResponse#UNKNOWN_LENGTH} when absent or no number of at most 18 digits. */
    static long of(HttpFields fields) {
        @Nullable String value = fields.first("Content-Length");
        String digits = value == null ? "" : FieldLists.trim(value);
        boolean valid =
                !digits.isEmpty() && digits.length() <= 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return valid ? Long.parseLong(digits) : StoredResponse.UNKNOWN_LENGTH;
    }
}
