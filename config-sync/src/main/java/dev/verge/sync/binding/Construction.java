package dev.verge.sync.binding;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.sync.binding.Shape.Field;
import dev.verge.sync.binding.Shape.Fields;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls the records' constructors and remembers where each made value stands. */
final class Construction {

    private final Problems problems;
    private final IdentityHashMap<Object, String> places = new IdentityHashMap<>();
    private final List<Object> order = new ArrayList<>();

    Construction(Problems problems) {
        this.problems = problems;
    }

    /** In document order, told apart by identity. */
    Map<Object, String> places() {
        return new OrderedPlaces(order, places);
    }

    Object placed(Object made, String path) {
        if (!Mark.MISTAKE.is(made) && places.putIfAbsent(made, path) == null) {
            order.add(made);
        }
        return made;
    }

    /**
     * Makes a record.
     *
     * @param place the path that it is remembered by
     * @param report whether a refusal by its constructor is a problem of the document
     */
    Object make(Fields declared, @Nullable Object[] values, JsonNode node, String path, String place, boolean report) {
        try {
            return placed(declared.constructor().newInstance(values), place);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof IllegalArgumentException relation) {
                if (report) {
                    relation(declared, relation.getMessage(), node, path);
                }
                return Mark.MISTAKE;
            }
            if (!report) {
                return Mark.MISTAKE;
            }
            throw new IllegalStateException("making " + declared.type() + " at " + path, refused.getCause());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("making " + declared.type() + " at " + path, impossible);
        }
    }

    private void relation(Fields declared, @Nullable String message, JsonNode node, String path) {
        String text = message == null ? "does not fit together" : message;
        String place = path;
        JsonNode shown = node;
        int colon = text.indexOf(": ");
        if (colon > 0) {
            String head = text.substring(0, colon);
            String first = head.split("[.\\[]", 2)[0];
            for (Field field : declared.fields()) {
                if (field.accessor().getName().equals(first) || field.name().equals(first)) {
                    place = Paths.field(path, field.name()) + head.substring(first.length());
                    shown = node.path(field.name());
                    text = text.substring(colon + 2);
                    break;
                }
            }
        }
        int semicolon = text.lastIndexOf("; ");
        String rule = semicolon > 0 ? text.substring(0, semicolon) : text;
        String fix = semicolon > 0 ? text.substring(semicolon + 2) : "change one of them";
        problems.add(place, shown, rule, fix);
    }
}
