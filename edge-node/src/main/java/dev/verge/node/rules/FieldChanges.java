package dev.verge.node.rules;

import java.util.List;

/** What rules do to header fields, in order. */
public record FieldChanges(List<Change> changes) {

    /** Nothing. */
    public static final FieldChanges NONE = new FieldChanges(List.of());

    public FieldChanges {
        changes = List.copyOf(changes);
    }

    /** One change. */
    public sealed interface Change {}

    /** Replaces every line of the field by one; the value holds no control characters. */
    public record Set(String name, String value) implements Change {}

    /** Removes every line of the field. */
    public record Remove(String name) implements Change {}

    /** Whether nothing changes. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }
}
