package dev.verge.cache.partial;

import dev.verge.cache.decision.EntityTag;
import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpDate;
import dev.verge.cache.http.HttpFields;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What proves that two parts belong to the same representation (RFC 9111 §3.4): equal values, equal bytes.
 *
 * @param text as {@code If-Range} takes it: an entity tag, or the date of Last-Modified
 */
public record StrongValidator(String text) {

    /**
     * The strong validator of a response; null when it has none. A tag speaks before a date, and who sends a weak tag says that bytes
     * may differ: then the date proves nothing either.
     *
     * @param now for dates with two-digit years
     */
    public static @Nullable StrongValidator of(HttpFields fields, Instant now) {
        @Nullable String tag = fields.first("ETag");
        if (tag != null) {
            String trimmed = FieldLists.trim(tag);
            EntityTag parsed = EntityTag.parse(trimmed);
            boolean quoted = trimmed.length() >= 2 && trimmed.startsWith("\"") && trimmed.endsWith("\"");
            return quoted && !parsed.weak() ? new StrongValidator(trimmed) : null;
        }
        @Nullable Instant modified = date(fields, "Last-Modified", now);
        @Nullable Instant date = date(fields, "Date", now);
        // RFC 9110 §8.8.2.2: at least a second between the two, so that nothing changed within the second of the date.
        boolean strong = modified != null && date != null && modified.isBefore(date);
        return strong && modified != null ? new StrongValidator(HttpDate.format(modified)) : null;
    }

    private static @Nullable Instant date(HttpFields fields, String name, Instant now) {
        @Nullable String value = fields.first(name);
        return value == null ? null : HttpDate.parse(FieldLists.trim(value), now);
    }
}
