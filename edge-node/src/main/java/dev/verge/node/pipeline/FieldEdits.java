package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.rules.FieldChanges;
import java.util.Locale;
import java.util.Set;

/** Carries out what rules do to header fields. Framing, and the fields that tell where a message has been, are nobody's to change. */
final class FieldEdits {
    private static final Set<String> UNTOUCHABLE = Set.of(
            "via",
            "cdn-loop",
            "cache-status",
            "proxy-status",
            "age",
            "connection",
            "content-length",
            "transfer-encoding",
            "upgrade",
            "trailer",
            "te",
            "keep-alive",
            "host");

    private FieldEdits() {}

    static HttpFields apply(FieldChanges changes, HttpFields fields) {
        if (changes.isEmpty()) {
            return fields;
        }
        HttpFields.Builder edited = fields.toBuilder();
        for (FieldChanges.Change change : changes.changes()) {
            switch (change) {
                case FieldChanges.Set set -> {
                    if (isOpen(set.name())) {
                        edited.set(set.name(), set.value());
                    }
                }
                case FieldChanges.Remove remove -> {
                    if (isOpen(remove.name())) {
                        edited.remove(remove.name());
                    }
                }
            }
        }
        return edited.build();
    }

    private static boolean isOpen(String name) {
        return !UNTOUCHABLE.contains(name.toLowerCase(Locale.ROOT));
    }
}
