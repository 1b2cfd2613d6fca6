package dev.verge.sync.binding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** The document form of a declared default. */
final class Defaults {

    private Defaults() {}

    /**
     * The node that a document without the field is read as.
     *
     * @param text as declared; text fields take it as it is, {@code ""} in quotes meaning the empty text
     */
    static JsonNode node(String text, Shape shape) {
        return switch (shape) {
            case Shape.Text t -> JsonNodeFactory.instance.textNode(text.equals("\"\"") ? "" : text);
            case Shape.Parsed p -> JsonNodeFactory.instance.textNode(text.equals("\"\"") ? "" : text);
            case Shape.Time t -> JsonNodeFactory.instance.textNode(text);
            case Shape.Choice c -> JsonNodeFactory.instance.textNode(text);
            case Shape.Whole w when w.bytes() -> JsonNodeFactory.instance.textNode(text);
            case Shape.MapOf m when text.equals("[]") -> JsonNodeFactory.instance.objectNode();
            case Shape.Tree t -> json(text);
            case Shape.Whole w -> json(text);
            case Shape.Decimal d -> json(text);
            case Shape.Flag f -> json(text);
            case Shape.ListOf l -> json(text);
            case Shape.MapOf m -> json(text);
            case Shape.Nested n -> json(text);
            case Shape.Union u -> json(text);
        };
    }

    /** Lists and the like are declared as YAML writes them: {@code [reset, timeout, 502]}. */
    private static JsonNode json(String text) {
        return YamlTree.read(text);
    }
}
