package dev.verge.control.site;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.resource.FieldChange;
import dev.verge.sync.binding.Paths;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is different between two documents, field by field; items of lists by their place. */
final class Differences {
    /** Most that are told one by one. */
    static final int MOST = 100;

    private static final int LONGEST_VALUE = 200;
    private static final int LONGEST_TEXT = 2_000;

    private final List<FieldChange> found = new ArrayList<>();

    private Differences() {}

    /** The first of them, in the order of the fields; none when the documents say the same. */
    static List<FieldChange> between(JsonNode before, JsonNode after) {
        Differences differences = new Differences();
        differences.compare("", before, after);
        return List.copyOf(differences.found);
    }

    /** In a line for people, as much of them as fits. */
    static String text(List<FieldChange> changes) {
        String text = changes.stream()
                .map(change -> change.path() + ": " + shown(change.before()) + " → " + shown(change.after()))
                .collect(Collectors.joining("; "));
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 1) + "…";
    }

    private static String shown(@Nullable String value) {
        return value == null ? "nothing" : value;
    }

    private void compare(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
        if (found.size() >= MOST || (before != null && before.equals(after))) {
            return;
        }
        if (before != null && after != null && before.isObject() && after.isObject()) {
            Set<String> names = new LinkedHashSet<>();
            before.fieldNames().forEachRemaining(names::add);
            after.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(Paths.field(path, name), before.get(name), after.get(name)));
        } else if (before != null && after != null && before.isArray() && after.isArray()) {
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                compare(Paths.element(path, i), before.get(i), after.get(i));
            }
        } else {
            found.add(new FieldChange(path, json(before), json(after)));
        }
    }

    private static @Nullable String json(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        String text = node.toString();
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE - 1) + "…";
    }
}
