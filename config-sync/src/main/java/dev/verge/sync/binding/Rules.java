package dev.verge.sync.binding;

import dev.verge.sync.binding.Shape.Alternative;
import java.util.stream.Collectors;

/** Says in words what fits a shape. The same words stand in problems, in the schema and in the reference table. */
final class Rules {

    private Rules() {}

    static String of(Shape shape) {
        return switch (shape) {
            case Shape.Text(Constraints limits) -> {
                String pattern = limits.patternRule();
                yield (pattern != null ? pattern : "text") + limits.sizes("characters");
            }
            case Shape.Flag() -> "true or false";
            case Shape.Whole(boolean isInt, boolean bytes, Constraints limits) ->
                (bytes ? "a size: whole bytes or a number with KiB, MiB, GiB or TiB" : "a whole number")
                        + limits.numbers(bytes);
            case Shape.Decimal(Constraints limits) -> "a number" + limits.numbers(false);
            case Shape.Time(Constraints limits) -> "a duration with a unit" + limits.durations();
            case Shape.Choice choice ->
                "one of " + String.join(", ", choice.constants().keySet());
            case Shape.Parsed parsed -> "text";
            case Shape.Tree tree -> "a value";
            case Shape.ListOf(Shape element, boolean single, Constraints limits) ->
                (single ? "one value or a list" : "a list") + limits.sizes("items") + "; each " + brief(element);
            case Shape.MapOf(Shape key, Shape value, Constraints limits) ->
                "names with values" + limits.sizes("names") + "; each value " + brief(value);
            case Shape.Nested nested -> "fields with values";
            case Shape.Union(Class<?> type) ->
                "fields with values, one of the keys "
                        + Shapes.alternatives(type).stream()
                                .map(Alternative::key)
                                .collect(Collectors.joining(", "));
        };
    }

    private static String brief(Shape shape) {
        return switch (shape) {
            case Shape.Union union -> "with one of its keys";
            case Shape.Nested nested -> "with its fields";
            default -> of(shape);
        };
    }
}
