package dev.verge.deploy.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;

/** A setting as a line for people: without braces, quotes, and what is not set. */
final class PlainText {
    private PlainText() {}

    /** Empty when nothing in it is set. */
    static String of(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> "";
            case BOOLEAN -> value.asBoolean() ? "yes" : "no";
            case ARRAY ->
                value.valueStream()
                        .map(PlainText::of)
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(" "));
            case OBJECT ->
                value.properties().stream()
                        .filter(field -> !of(field.getValue()).isEmpty())
                        .map(field -> field.getKey() + " "
                                + (field.getValue().isObject()
                                        ? "(" + of(field.getValue()) + ")"
                                        : of(field.getValue())))
                        .collect(Collectors.joining(", "));
            default -> value.asText();
        };
    }
}
