package dev.verge.sync.binding;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.verge.sync.binding.Shape.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes records in the form that the binder reads. Null components are left out. */
public final class RecordJson {

    private static final JsonNodeFactory FACTORY = JsonNodeFactory.instance;

    private RecordJson() {}

    /** The document form of a record. */
    public static JsonNode write(Object record) {
        return value(record, Shapes.of(record.getClass()));
    }

    /** The document form of a record as one of a sealed interface's, key included. */
    public static JsonNode write(Object record, Class<?> sealedType) {
        return value(record, Shapes.of(sealedType));
    }

    private static JsonNode value(Object value, Shape shape) {
        return switch (shape) {
            case Shape.Text t -> FACTORY.textNode((String) value);
            case Shape.Flag f -> FACTORY.booleanNode((Boolean) value);
            case Shape.Whole w -> FACTORY.numberNode(((Number) value).longValue());
            case Shape.Decimal d -> FACTORY.numberNode((Double) value);
            case Shape.Time t -> FACTORY.textNode(DurationText.format((Duration) value));
            case Shape.Choice c -> FACTORY.textNode(Shapes.constantName((Enum<?>) value));
            case Shape.Parsed p -> FACTORY.textNode(written(value));
            case Shape.Tree t -> tree(value);
            case Shape.ListOf(Shape element, boolean single, Constraints limits) -> {
                ArrayNode array = FACTORY.arrayNode();
                ((List<?>) value).forEach(item -> array.add(value(item, element)));
                yield array;
            }
            case Shape.MapOf(Shape key, Shape element, Constraints limits) -> {
                ObjectNode object = FACTORY.objectNode();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    object.set(value(entry.getKey(), key).asText(), value(entry.getValue(), element));
                }
                yield object;
            }
            case Shape.Nested(Class<?> type) -> record(value, type);
            case Shape.Union(Class<?> type) -> union(value, type);
        };
    }

    private static String written(Object value) {
        Method method = valueMethod(value.getClass());
        return method == null ? value.toString() : (String) call(method, value);
    }

    private static JsonNode tree(Object value) {
        if (value instanceof JsonNode node) {
            return node;
        }
        Method method = valueMethod(value.getClass());
        if (method != null) {
            return (JsonNode) call(method, value);
        }
        throw new IllegalStateException(value.getClass() + " reads itself from JSON but has no @JsonValue method");
    }

    private static @Nullable Method valueMethod(Class<?> type) {
        for (Method method : type.getMethods()) {
            if (method.isAnnotationPresent(JsonValue.class)) {
                return method;
            }
        }
        for (Class<?> face : type.getInterfaces()) {
            Method method = valueMethod(face);
            if (method != null) {
                return method;
            }
        }
        Class<?> parent = type.getSuperclass();
        return parent == null ? null : valueMethod(parent);
    }

    private static ObjectNode record(Object value, Class<?> type) {
        ObjectNode object = FACTORY.objectNode();
        for (Field field : Shapes.fields(type).fields()) {
            Object component = callNullable(field.accessor(), value);
            if (component != null) {
                object.set(field.name(), value(component, field.shape()));
            }
        }
        return object;
    }

    private static ObjectNode union(Object value, Class<?> type) {
        for (Shape.Alternative alternative : Shapes.alternatives(type)) {
            if (alternative.type().isInstance(value)) {
                ObjectNode fields = record(value, alternative.type());
                return alternative.wrapped() ? FACTORY.objectNode().set(alternative.key(), fields) : fields;
            }
        }
        throw new IllegalStateException(value.getClass() + " is no alternative of " + type);
    }

    private static Object call(Method method, Object target) {
        Object value = callNullable(method, target);
        if (value == null) {
            throw new IllegalStateException(method + " gave nothing");
        }
        return value;
    }

    private static @Nullable Object callNullable(Method method, Object target) {
        try {
            return method.invoke(target);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(method.toString(), impossible);
        }
    }
}
