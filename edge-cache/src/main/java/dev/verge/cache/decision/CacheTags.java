package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Purge tags of a response: {@code Cache-Tag} separates by commas, {@code Surrogate-Key} by spaces. */
public final class CacheTags {
    /** Tags beyond this many are ignored: each costs memory with the entry and a look-up after a purge. */
    public static final int MAX_TAGS = 1_000;
    /** Longer tags are ignored. */
    public static final int MAX_TAG_CHARACTERS = 1_024;

    private CacheTags() {}

    /** The tags, each once, in order. */
    public static List<String> of(HttpFields fields) {
        if (!fields.contains("Cache-Tag") && !fields.contains("Surrogate-Key")) {
            return List.of();
        }
        Set<String> tags = new LinkedHashSet<>();
        List<String> candidates = new ArrayList<>();
        fields.all("Cache-Tag").forEach(line -> candidates.addAll(List.of(line.split(",", -1))));
        fields.all("Surrogate-Key").forEach(line -> candidates.addAll(List.of(line.split("[ \t]+", -1))));
        for (String candidate : candidates) {
            String tag = FieldLists.trim(candidate);
            if (!tag.isEmpty() && tag.length() <= MAX_TAG_CHARACTERS && tags.size() < MAX_TAGS) {
                tags.add(tag);
            }
        }
        return List.copyOf(tags);
    }
}
