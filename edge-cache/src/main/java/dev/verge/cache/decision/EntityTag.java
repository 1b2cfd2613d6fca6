package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * An entity tag (RFC 9110 §8.8.3).
 *
 * @param opaque the part in quotes, quotes included; what a malformed tag says is kept as it is, so that it can be sent back
 */
public record EntityTag(boolean weak, String opaque) {
    static @Nullable EntityTag of(HttpFields fields) {
        @Nullable String value = fields.first("ETag");
        return value == null || FieldLists.trim(value).isEmpty() ? null : parse(FieldLists.trim(value));
    }

    /** Reads {@code "x"} or {@code W/"x"}. */
    public static EntityTag parse(String text) {
        return text.startsWith("W/") ? new EntityTag(true, text.substring(2)) : new EntityTag(false, text);
    }

    /** §8.8.3.2: both strong and equal. */
    public boolean strongEquals(EntityTag other) {
        return !weak && !other.weak && opaque.equals(other.opaque);
    }

    /** §8.8.3.2: equal, strong or not. */
    public boolean weakEquals(EntityTag other) {
        return opaque.equals(other.opaque);
    }

    @Override
    public String toString() {
        return weak ? "W/" + opaque : opaque;
    }
}
