package dev.verge.cache.serve;

import dev.verge.cache.http.HttpFields;
import dev.verge.cache.options.CacheOptions.BrowserTtl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Applies the site's browser lifetime to the fields of an answer. */
public final class BrowserFields {
    private BrowserFields() {}

    /**
     * The fields as browsers shall see them.
     *
     * @param ageSeconds the Age that goes with them: a browser counts it against max-age, so it is added
     */
    public static HttpFields apply(HttpFields fields, BrowserTtl options, long ageSeconds) {
        return switch (options.mode()) {
            case HONOR -> fields;
            case NO_CACHE -> replaced(fields, "no-cache");
            case OVERRIDE -> {
                @Nullable Duration value = options.value();
                yield value == null ? fields : replaced(fields, "max-age=" + (ageSeconds + value.toSeconds()));
            }
        };
    }

    private static HttpFields replaced(HttpFields fields, String control) {
        return fields.toBuilder()
                .remove("Expires")
                .remove("Pragma")
                .set("Cache-Control", control)
                .build();
    }
}
