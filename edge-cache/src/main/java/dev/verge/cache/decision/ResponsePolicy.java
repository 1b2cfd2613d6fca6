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

    /** Policies of responses that were stored lately: many have the same. For any thread; a lost write costs a copy. */
    private static final @Nullable ResponsePolicy[] KEPT = new @Nullable ResponsePolicy[256];

    /** The same, and where another response had it lately, the very same object. */
    ResponsePolicy shared() {
        List<Object> said = control.parts();
        int place = said.hashCode() & (KEPT.length - 1);
        ResponsePolicy kept = KEPT[place];
        if (kept != null && kept.targeted == targeted && kept.control.parts().equals(said)) {
            return kept;
        }
        KEPT[place] = this;
        return this;
    }

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

    /**
     * A malformed or empty targeted field is as if it were not there (RFC 9213 §2.1); so is one that gives a known directive a
     * value of another type: what it was meant to say is unknown, and Cache-Control says it too.
     */
    private static @Nullable CacheControl structured(@Nullable String value) {
        Map<String, Object> members = value == null ? null : StructuredDictionary.parse(value);
        if (members == null || members.isEmpty()) {
            return null;
        }
        CacheControl control = CacheControl.parse(List.of());
        for (Map.Entry<String, Object> member : members.entrySet()) {
            String name = member.getKey();
            Object given = member.getValue();
            if (!hasType(name, given)) {
                return null;
            }
            switch (given) {
                case Boolean flag -> {
                    if (flag) {
                        control.apply(name, "", false);
                    }
                }
                default -> control.apply(name, given.toString(), true);
            }
        }
        return control;
    }

    /** RFC 9213 §2.1: numbers are Integers, flags Booleans; a list of fields is a String. */
    private static boolean hasType(String directive, Object value) {
        return switch (directive) {
            case "max-age", "s-maxage", "stale-while-revalidate", "stale-if-error" -> value instanceof Long;
            case "no-cache", "private" -> value instanceof Boolean || value instanceof String;
            case "no-store",
                    "public",
                    "must-revalidate",
                    "proxy-revalidate",
                    "must-understand",
                    "no-transform",
                    "immutable" -> value instanceof Boolean;
            default -> true;
        };
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
