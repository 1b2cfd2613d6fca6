package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directives of a response that this cache obeys, and where they came from.
 *
 * @param targeted true when a targeted field speaks: then Cache-Control and Expires are ignored (RFC 9213 §2.2)
 */
record ResponsePolicy(CacheControl control, boolean targeted) {
    /** The target list, strongest first (RFC 9213 §2.2). */
    private static final List<String> TARGETED = List.of("Verge-CDN-Cache-Control", "CDN-Cache-Control");

    static ResponsePolicy of(HttpFields fields) {
        for (String name : TARGETED) {
            @Nullable CacheControl control = structured(fields.combined(name));
            if (control != null) {
                return new ResponsePolicy(control, true);
            }
        }
        @Nullable CacheControl surrogate = surrogate(fields);
        return surrogate != null
                ? new ResponsePolicy(surrogate, true)
                : new ResponsePolicy(CacheControl.of(fields), false);
    }

    /** A malformed or empty targeted field is as if it were not there (RFC 9213 §2.1). */
    private static @Nullable CacheControl structured(@Nullable String value) {
        Map<String, Object> members = value == null ? null : StructuredDictionary.parse(value);
        if (members == null || members.isEmpty()) {
            return null;
        }
        CacheControl control = CacheControl.parse(List.of());
        members.forEach((name, member) -> {
            switch (member) {
                case Boolean flag -> {
                    if (flag) {
                        control.apply(name, "", false);
                    }
                }
                case Long number -> control.apply(name, Long.toString(number), true);
                default -> control.apply(name, member.toString(), true);
            }
        });
        return control;
    }

    /** Edge Architecture's Surrogate-Control: {@code no-store}, {@code max-age=N} or {@code max-age=N+STALE}. */
    private static @Nullable CacheControl surrogate(HttpFields fields) {
        if (!fields.contains("Surrogate-Control")) {
            return null;
        }
        CacheControl control = CacheControl.parse(List.of());
        for (String member : FieldLists.members(fields, "Surrogate-Control")) {
            if (member.equalsIgnoreCase("no-store")) {
                control.apply("no-store", "", false);
            } else if (member.regionMatches(true, 0, "max-age=", 0, 8)) {
                String value = member.substring(8);
                int plus = value.indexOf('+');
                control.apply("max-age", plus < 0 ? value : value.substring(0, plus), true);
                if (plus >= 0) {
                    control.apply("stale-while-revalidate", value.substring(plus + 1), true);
                }
            }
        }
        boolean saysNothing = !control.noStore() && control.maxAge() == CacheControl.ABSENT;
        return saysNothing ? null : control;
    }
}
