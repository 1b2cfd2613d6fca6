package dev.verge.sync.binding;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A binding that went as far as it could, so that checks over several fields report their mistakes together with the others.
 *
 * @param value the result; with problems it has defaults in place of what was wrong, or is null when that was not possible
 * @param problems empty when the document is right so far
 * @param places where each record, or self-reading value, that could be made stands in the document, in document order
 * @param <T> the bound type
 */
public record Attempt<T>(@Nullable T value, List<Problem> problems, Map<Object, String> places) {

    /** Everything of a type that could be made, in document order. */
    public <R> List<R> all(Class<R> type) {
        List<R> found = new ArrayList<>();
        for (Object made : places.keySet()) {
            if (type.isInstance(made)) {
                found.add(type.cast(made));
            }
        }
        return found;
    }

    /** Where {@code made}, this very object, stands. */
    public String place(Object made) {
        return places.getOrDefault(made, "");
    }
}
