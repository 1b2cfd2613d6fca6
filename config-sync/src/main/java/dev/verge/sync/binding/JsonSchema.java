package dev.verge.sync.binding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.verge.sync.binding.Shape.Alternative;
import dev.verge.sync.binding.Shape.Field;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * JSON Schema (2020-12) of a record, from the declarations that the binder checks. It is written so that generators of clients can read it:
 * what may be of several kinds has a name or is an {@code anyOf}, and a default stands with the kind that it is of.
 */
public final class JsonSchema {

    private static final JsonNodeFactory FACTORY = JsonNodeFactory.instance;
    private static final String DURATION = "^\\d{1,12}(ms|s|m|h|d)$";
    private static final String SIZE = "^\\d{1,18}(B|KiB|MiB|GiB|TiB)?$";

    /** What reads itself from text: documents in YAML may have it without quotes, and so as a number. */
    private static final String TEXT = "Text";

    private final String references;
    private final Map<String, ObjectNode> definitions = new LinkedHashMap<>();
    private final Map<Class<?>, String> names = new HashMap<>();

    private JsonSchema(String references) {
        this.references = references;
    }

    /** A schema document with its parts under {@code $defs}. */
    public static ObjectNode of(Class<?> type, String id) {
        JsonSchema schema = new JsonSchema("#/$defs/");
        ObjectNode root = FACTORY.objectNode();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("$id", id);
        root.setAll((ObjectNode) schema.shape(Shapes.of(type)));
        ObjectNode definitions = root.putObject("$defs");
        schema.definitions.forEach(definitions::set);
        return root;
    }

    /**
     * Schemas for an OpenAPI 3.1 description: adds what {@code type} needs to {@code components} and returns the reference to it.
     *
     * @param components the object behind {@code #/components/schemas}
     * @throws IllegalStateException when something else has the name of one of them already
     */
    public static ObjectNode into(ObjectNode components, Class<?> type) {
        JsonSchema schema = new JsonSchema("#/components/schemas/");
        ObjectNode reference = (ObjectNode) schema.shape(Shapes.of(type));
        schema.definitions.forEach((name, definition) -> {
            JsonNode other = components.putIfAbsent(name, definition);
            if (other != null && !other.equals(definition)) {
                throw new IllegalStateException(
                        name + ": two different types have this name, which clients know them by;"
                                + " rename the one that " + type + " needs");
            }
        });
        return reference;
    }

    private JsonNode shape(Shape shape) {
        return switch (shape) {
            case Shape.Text(Constraints limits) -> text(limits);
            case Shape.Flag f -> typed("boolean");
            case Shape.Whole(boolean isInt, boolean bytes, Constraints limits) -> whole(isInt, bytes, limits);
            case Shape.Decimal(Constraints limits) -> range(typed("number").put("format", "double"), limits);
            case Shape.Time time -> typed("string").put("pattern", DURATION).put("description", Rules.of(time));
            case Shape.Choice(Map<String, Object> constants) -> {
                ObjectNode choice = typed("string");
                ArrayNode values = choice.putArray("enum");
                constants.keySet().forEach(values::add);
                yield choice;
            }
            case Shape.Parsed p -> {
                definitions.computeIfAbsent(TEXT, name -> parsed());
                yield named(TEXT);
            }
            case Shape.Tree(Class<?> type, var _) -> {
                JsonForm form = type.getAnnotation(JsonForm.class);
                yield form == null ? FACTORY.objectNode() : YamlTree.read(form.value());
            }
            case Shape.ListOf(Shape element, boolean single, Constraints limits) -> list(element, single, limits);
            case Shape.MapOf(Shape key, Shape value, Constraints limits) -> {
                ObjectNode map = typed("object");
                if (key instanceof Shape.Text(Constraints names) && names.pattern() != null) {
                    map.putObject("propertyNames")
                            .put("pattern", anchored(names.pattern().pattern()));
                }
                map.set("additionalProperties", shape(value));
                sizes(map, limits, "minProperties", "maxProperties");
                yield map;
            }
            case Shape.Nested(Class<?> type) -> reference(type);
            case Shape.Union(Class<?> type) -> union(type);
        };
    }

    private static ObjectNode text(Constraints limits) {
        ObjectNode text = typed("string");
        if (limits.pattern() != null) {
            text.put("pattern", anchored(limits.pattern().pattern()));
        }
        return sizes(text, limits, "minLength", "maxLength");
    }

    private static String anchored(String pattern) {
        return "^(?:" + pattern + ")$";
    }

    private static ObjectNode parsed() {
        return either(typed("string"), typed("number"));
    }

    private static ObjectNode whole(boolean isInt, boolean bytes, Constraints limits) {
        ObjectNode number = range(typed("integer").put("format", isInt ? "int32" : "int64"), limits);
        return bytes ? either(number, typed("string").put("pattern", SIZE)) : number;
    }

    private static ObjectNode either(ObjectNode one, ObjectNode other) {
        ObjectNode either = FACTORY.objectNode();
        either.putArray("anyOf").add(one).add(other);
        return either;
    }

    private static ObjectNode range(ObjectNode node, Constraints limits) {
        if (limits.min() != null) {
            number(node, "minimum", limits.min());
        }
        if (limits.max() != null) {
            number(node, "maximum", limits.max());
        }
        return node;
    }

    private static void number(ObjectNode node, String name, double value) {
        if (value == Math.rint(value) && Math.abs(value) < 9e15) {
            node.put(name, (long) value);
        } else {
            node.put(name, value);
        }
    }

    private ObjectNode list(Shape element, boolean single, Constraints limits) {
        ObjectNode list = typed("array");
        list.set("items", shape(element));
        sizes(list, limits, "minItems", "maxItems");
        return single ? either((ObjectNode) shape(element), list) : list;
    }

    private static ObjectNode sizes(ObjectNode node, Constraints limits, String least, String most) {
        if (limits.minSize() > 0) {
            node.put(least, limits.minSize());
        }
        if (limits.maxSize() < Integer.MAX_VALUE) {
            node.put(most, limits.maxSize());
        }
        return node;
    }

    private ObjectNode union(Class<?> type) {
        String name = type.getSimpleName();
        if (names.putIfAbsent(type, name) == null) {
            ObjectNode union = FACTORY.objectNode();
            definitions.put(name, union);
            ArrayNode alternatives = union.putArray("oneOf");
            Shapes.alternatives(type).forEach(alternative -> alternatives.add(alternative(alternative, name)));
        }
        return named(name);
    }

    private ObjectNode alternative(Alternative alternative, String union) {
        if (!alternative.wrapped()) {
            return reference(alternative.type());
        }
        String name = alternative.type().getSimpleName() + union;
        ObjectNode wrapper = typed("object");
        wrapper.putObject("properties").set(alternative.key(), reference(alternative.type()));
        wrapper.putArray("required").add(alternative.key());
        wrapper.put("additionalProperties", false);
        definitions.put(name, wrapper);
        return named(name);
    }

    private ObjectNode reference(Class<?> type) {
        String name = names.get(type);
        if (name == null) {
            name = unique(type);
            names.put(type, name);
            ObjectNode definition = typed("object");
            definitions.put(name, definition);
            define(definition, type);
        }
        return named(name);
    }

    private ObjectNode named(String name) {
        return FACTORY.objectNode().put("$ref", references + name);
    }

    private String unique(Class<?> type) {
        String name = type.getSimpleName();
        Class<?> outer = type.getEnclosingClass();
        return names.containsValue(name) && outer != null ? outer.getSimpleName() + name : name;
    }

    private void define(ObjectNode definition, Class<?> type) {
        ObjectNode properties = definition.putObject("properties");
        ArrayNode required = FACTORY.arrayNode();
        for (Field field : Shapes.fields(type).fields()) {
            Standard standard = field.standard();
            // A default beside a reference would have to be one for every kind that the named schema allows.
            ObjectNode property = standard != null && field.shape() instanceof Shape.Parsed
                    ? parsed()
                    : (ObjectNode) shape(field.shape());
            if (!field.description().isEmpty()) {
                String rule = field.shape() instanceof Shape.Time ? " (" + Rules.of(field.shape()) + ")" : "";
                property.put("description", field.description() + rule);
            }
            if (standard != null) {
                defaultOf(property, standard.node());
            }
            if (field.required()) {
                required.add(field.name());
            }
            properties.set(field.name(), property);
        }
        if (!required.isEmpty()) {
            definition.set("required", required);
        }
        definition.put("additionalProperties", false);
    }

    /** Puts a default to the kind that it is of, or says it in words where it is a list of what may be of several kinds. */
    private static void defaultOf(ObjectNode property, JsonNode value) {
        JsonNode holder = property;
        for (JsonNode kind : property.path("anyOf")) {
            if (value.isTextual() && kind.path("type").asText().equals("string")) {
                holder = kind;
            }
        }
        if (!value.isEmpty() && property.path("items").has("$ref")) {
            property.put("description", property.path("description").asText() + " Default: " + value);
        } else {
            ((ObjectNode) holder).set("default", value.deepCopy());
        }
    }

    private static ObjectNode typed(String type) {
        return FACTORY.objectNode().put("type", type);
    }
}
