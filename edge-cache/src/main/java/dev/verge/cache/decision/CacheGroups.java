package dev.verge.cache.decision;

import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Groups of responses of one origin (RFC 9875): {@code Cache-Groups} says where a response belongs, {@code
 * Cache-Group-Invalidation} which groups an unsafe request has changed. Names compare byte by byte.
 */
public final class CacheGroups {
    /** Groups of one response beyond this many are ignored: each is looked up after an invalidation. The RFC asks for 32 (§2). */
    public static final int MAX_GROUPS = 128;
    /** Longer names are ignored. The RFC asks for 32 (§2). */
    public static final int MAX_NAME_CHARACTERS = 256;

    private CacheGroups() {}

    /** The groups of a response, each once. Empty also when the field is malformed: it is then as if it were not there. */
    static List<String> of(HttpFields response) {
        return List.copyOf(names(response, "Cache-Groups"));
    }

    /** What a response invalidates. */
    public sealed interface Invalidated {
        /** Nothing. */
        record None() implements Invalidated {}

        /** These groups of the request's origin. */
        record Groups(List<String> names) implements Invalidated {}

        /** More than are counted: every group of the request's origin. */
        record EveryGroup() implements Invalidated {}
    }

    /** §3: the field counts for unsafe methods alone, and here, as in RFC 9111 §4.4, for responses that are no errors. */
    public static Invalidated invalidated(RequestHead request, ResponseHead response) {
        if (!response.fields().contains("Cache-Group-Invalidation") || !Invalidation.hasChanged(request, response)) {
            return new Invalidated.None();
        }
        Set<String> names = names(response.fields(), "Cache-Group-Invalidation");
        if (names.isEmpty()) {
            return new Invalidated.None();
        }
        return names.size() >= MAX_GROUPS ? new Invalidated.EveryGroup() : new Invalidated.Groups(List.copyOf(names));
    }

    private static Set<String> names(HttpFields response, String field) {
        @Nullable String value = response.combined(field);
        @Nullable List<Object> members = value == null ? null : StructuredDictionary.parseList(value);
        if (members == null) {
            return Set.of();
        }
        Set<String> names = new LinkedHashSet<>();
        for (Object member : members) {
            // §2, §3: a list of strings; anything else in it makes the whole field malformed (RFC 9651 §1.1).
            if (!(member instanceof String name)) {
                return Set.of();
            }
            if (name.length() <= MAX_NAME_CHARACTERS && names.size() < MAX_GROUPS) {
                names.add(name);
            }
        }
        return names;
    }
}
