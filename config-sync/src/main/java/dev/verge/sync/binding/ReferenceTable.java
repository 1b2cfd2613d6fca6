package dev.verge.sync.binding;

import dev.verge.sync.binding.Shape.Alternative;
import dev.verge.sync.binding.Shape.Field;
import java.util.HashSet;
import java.util.Set;

/** The reference of a record as a Markdown table: one line for each field, nested fields by their path. */
public final class ReferenceTable {

    private final StringBuilder out = new StringBuilder();
    private final Set<Class<?>> open = new HashSet<>();

    private ReferenceTable() {}

    /** The table. */
    public static String markdown(Class<?> type) {
        ReferenceTable table = new ReferenceTable();
        table.out.append("| field | what it is | default | what fits |\n|---|---|---|---|\n");
        table.record(type, "");
        return table.out.toString();
    }

    private void record(Class<?> type, String path) {
        if (!open.add(type)) {
            return;
        }
        for (Field field : Shapes.fields(type).fields()) {
            String place = path.isEmpty() ? field.name() : path + "." + field.name();
            row(place, field);
            below(field.shape(), place);
        }
        open.remove(type);
    }

    private void below(Shape shape, String place) {
        switch (shape) {
            case Shape.Nested(Class<?> type) -> record(type, place);
            case Shape.ListOf(Shape element, boolean single, Constraints limits) -> below(element, place + "[]");
            case Shape.MapOf(Shape key, Shape value, Constraints limits) -> below(value, place + ".NAME");
            case Shape.Union(Class<?> type) -> {
                for (Alternative alternative : Shapes.alternatives(type)) {
                    record(alternative.type(), alternative.wrapped() ? place + "." + alternative.key() : place);
                }
            }
            case Shape.Text t -> {}
            case Shape.Flag f -> {}
            case Shape.Whole w -> {}
            case Shape.Decimal d -> {}
            case Shape.Time t -> {}
            case Shape.Choice c -> {}
            case Shape.Parsed p -> {}
            case Shape.Tree t -> {}
        }
    }

    private void row(String place, Field field) {
        String fallback =
                field.fallback() != null ? "`" + field.fallback() + "`" : field.nullable() ? "off" : "required";
        out.append("| `")
                .append(place)
                .append("` | ")
                .append(cell(field.description()))
                .append(" | ")
                .append(cell(fallback))
                .append(" | ")
                .append(cell(Rules.of(field.shape())))
                .append(" |\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
