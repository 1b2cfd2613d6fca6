package dev.verge.control.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON Schema of the records that are answered, out of the records themselves. Nested records become components of their own. */
final class AnswerSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ObjectNode components;
    private final Set<String> sent;
    private final Map<String, Class<?>> named = new HashMap<>();

    /** Schemas that are collected in {@code components} by the record's name; those of what is sent are there already. */
    AnswerSchema(ObjectNode components) {
        this.components = components;
        Set<String> names = new HashSet<>();
        components.fieldNames().forEachRemaining(names::add);
        this.sent = Set.copyOf(names);
    }

    /** A reference to a type's schema, or the schema itself when it is no record. */
    ObjectNode of(Type type) {
        if (type instanceof Class<?> plain && plain.isRecord()) {
            // What may be left out when it is sent is there as null when it is answered.
            String name = plain.getSimpleName() + (sent.contains(plain.getSimpleName()) ? "Answer" : "");
            Class<?> other = named.put(name, plain);
            if (other == null) {
                fill(components.putObject(name), plain);
            } else if (other != plain) {
                throw new IllegalStateException(
                        name + ": clients know by this name both " + other + " and " + plain + "; rename one of them");
            }
            return ref(name);
        }
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == List.class) {
                return typed("array").set("items", of(last));
            }
            if (generic.getRawType() == Map.class) {
                return typed("object").set("additionalProperties", of(last));
            }
        }
        if (type == Map.class) {
            return typed("object").set("additionalProperties", typed("string"));
        }
        if (type == List.class) {
            return typed("array").set("items", typed("string"));
        }
        if (type instanceof Class<?> plain) {
            return simple(plain);
        }
        throw new IllegalArgumentException("no schema for " + type);
    }

    private static ObjectNode ref(String name) {
        return JSON.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    private void fill(ObjectNode schema, Class<?> type) {
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            ObjectNode property = of(component.getGenericType());
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (nullable && !property.isEmpty()) { // what is empty allows null already
                ObjectNode either = JSON.objectNode();
                either.putArray("anyOf").add(property).add(typed("null"));
                property = either;
            }
            properties.set(component.getName(), property);
            required.add(component.getName());
        }
    }

    private static ObjectNode simple(Class<?> type) {
        // Durations are written as in documents: 40ms, 2s.
        if (type == String.class || type == Duration.class) {
            return typed("string");
        }
        if (type == int.class || type == Integer.class) {
            return typed("integer").put("format", "int32");
        }
        if (type == long.class || type == Long.class) {
            return typed("integer").put("format", "int64");
        }
        if (type == boolean.class || type == Boolean.class) {
            return typed("boolean");
        }
        if (type == Instant.class) {
            return typed("string").put("format", "date-time");
        }
        if (type == double.class) {
            return typed("number").put("format", "double");
        }
        if (type == JsonNode.class) {
            return JSON.objectNode();
        }
        if (type.isEnum()) {
            ObjectNode schema = typed("string");
            ArrayNode words = schema.putArray("enum");
            for (Object constant : type.getEnumConstants()) {
                words.add(word(type, (Enum<?>) constant));
            }
            return schema;
        }
        throw new IllegalArgumentException("no schema for " + type);
    }

    private static String word(Class<?> type, Enum<?> constant) {
        try {
            JsonProperty property = type.getField(constant.name()).getAnnotation(JsonProperty.class);
            return property == null ? constant.name() : property.value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode typed(String type) {
        return JSON.objectNode().put("type", type);
    }
}
