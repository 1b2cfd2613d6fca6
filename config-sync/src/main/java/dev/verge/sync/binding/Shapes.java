package dev.verge.sync.binding;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.sync.binding.Shape.Alternative;
import dev.verge.sync.binding.Shape.Field;
import dev.verge.sync.binding.Shape.Fields;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads declarations by reflection, each class once. A declaration that makes no sense is a bug and fails at once. */
final class Shapes {

    private static final ClassValue<Fields> FIELDS = new ClassValue<>() {
        @Override
        protected Fields computeValue(Class<?> type) {
            return readFields(type);
        }
    };

    private static final ClassValue<List<Alternative>> ALTERNATIVES = new ClassValue<>() {
        @Override
        protected List<Alternative> computeValue(Class<?> type) {
            return readAlternatives(type);
        }
    };

    private Shapes() {}

    /** The components of a record class. */
    static Fields fields(Class<?> type) {
        return FIELDS.get(type);
    }

    /** The records of a sealed interface. */
    static List<Alternative> alternatives(Class<?> type) {
        return ALTERNATIVES.get(type);
    }

    /** The shape of a top-level type. */
    static Shape of(Class<?> type) {
        return plain(type, "", Constraints.NONE);
    }

    private static Fields readFields(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw new IllegalArgumentException(type + " is not a record");
        }
        List<Field> fields = new ArrayList<>();
        Class<?>[] parameters = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            parameters[i] = components[i].getType();
            fields.add(readField(type, components[i]));
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return new Fields(type, List.copyOf(fields), constructor);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("a record without its canonical constructor: " + type, impossible);
        }
    }

    private static Field readField(Class<?> type, RecordComponent component) {
        java.lang.reflect.Field declared;
        try {
            declared = type.getDeclaredField(component.getName());
        } catch (NoSuchFieldException impossible) {
            throw new IllegalStateException("a record component without its field: " + component, impossible);
        }
        JsonProperty property = declared.getAnnotation(JsonProperty.class);
        JsonPropertyDescription description = declared.getAnnotation(JsonPropertyDescription.class);
        JsonFormat format = declared.getAnnotation(JsonFormat.class);
        boolean single = format != null
                && Arrays.asList(format.with()).contains(JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY);
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        Shape shape = shape(declared.getAnnotatedType(), declared, component.getName(), single);
        String fallback = property == null || property.defaultValue().isEmpty() ? null : property.defaultValue();
        return new Field(
                property == null || property.value().isEmpty() ? component.getName() : property.value(),
                accessor,
                shape,
                fallback,
                fallback == null ? null : new Standard(Defaults.node(fallback, shape), shape),
                declared.getAnnotatedType().isAnnotationPresent(Nullable.class),
                property != null && property.access() == JsonProperty.Access.WRITE_ONLY,
                description == null ? "" : description.value());
    }

    private static Shape shape(
            AnnotatedType annotated, @Nullable AnnotatedElement declared, String name, boolean single) {
        Constraints limits = declared == null ? Constraints.of(annotated) : Constraints.of(declared, annotated);
        if (annotated instanceof AnnotatedParameterizedType parameterized) {
            AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
            Type raw = ((ParameterizedType) annotated.getType()).getRawType();
            if (raw == List.class) {
                return new Shape.ListOf(shape(arguments[0], null, name, false), single, limits);
            }
            if (raw == Map.class) {
                return new Shape.MapOf(
                        shape(arguments[0], null, "", false), shape(arguments[1], null, name, false), limits);
            }
            throw new IllegalArgumentException("no document form for " + annotated.getType());
        }
        if (!(annotated.getType() instanceof Class<?> type)) {
            throw new IllegalArgumentException("no document form for " + annotated.getType());
        }
        return plain(type, name, limits);
    }

    private static Shape plain(Class<?> type, String name, Constraints limits) {
        if (type == String.class) {
            return new Shape.Text(limits);
        }
        if (type == boolean.class || type == Boolean.class) {
            return new Shape.Flag();
        }
        if (type == int.class || type == Integer.class) {
            return new Shape.Whole(true, name.endsWith("Bytes"), limits);
        }
        if (type == long.class || type == Long.class) {
            return new Shape.Whole(false, name.endsWith("Bytes"), limits);
        }
        if (type == double.class || type == Double.class) {
            return new Shape.Decimal(limits);
        }
        if (type == Duration.class) {
            return new Shape.Time(limits);
        }
        if (type == JsonNode.class) {
            return new Shape.Tree(type, null);
        }
        if (type == Path.class) {
            return new Shape.Parsed(type, method("path"));
        }
        if (type == URI.class) {
            return new Shape.Parsed(type, method("uri"));
        }
        Method creator = creator(type);
        if (creator != null) {
            return creator.getParameterTypes()[0] == String.class
                    ? new Shape.Parsed(type, creator)
                    : new Shape.Tree(type, creator);
        }
        if (type.isEnum()) {
            return new Shape.Choice(constants(type));
        }
        if (type.isRecord()) {
            return new Shape.Nested(type);
        }
        if (type.isSealed()) {
            return new Shape.Union(type);
        }
        throw new IllegalArgumentException("no document form for " + type);
    }

    private static @Nullable Method creator(Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.isAnnotationPresent(JsonCreator.class) && Modifier.isStatic(method.getModifiers())) {
                Class<?>[] parameters = method.getParameterTypes();
                if (parameters.length == 1 && (parameters[0] == String.class || parameters[0] == JsonNode.class)) {
                    method.setAccessible(true);
                    return method;
                }
            }
        }
        return null;
    }

    private static Method method(String name) {
        try {
            return JdkTypes.class.getDeclaredMethod(name, String.class);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<String, Object> constants(Class<?> type) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(constantName((Enum<?>) constant), constant);
        }
        return Collections.unmodifiableMap(constants);
    }

    /** {@code LEAST_REQUESTS} is written {@code least-requests}, unless the constant says otherwise. */
    static String constantName(Enum<?> constant) {
        try {
            JsonProperty property =
                    constant.getDeclaringClass().getField(constant.name()).getAnnotation(JsonProperty.class);
            if (property != null && !property.value().isEmpty()) {
                return property.value();
            }
        } catch (NoSuchFieldException impossible) {
            throw new IllegalStateException(impossible);
        }
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<Alternative> readAlternatives(Class<?> type) {
        List<Alternative> alternatives = new ArrayList<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                alternatives.addAll(readAlternatives(permitted));
                continue;
            }
            Keyed keyed = permitted.getAnnotation(Keyed.class);
            alternatives.add(
                    keyed != null
                            ? new Alternative(keyed.value(), permitted, true)
                            : new Alternative(
                                    fields(permitted).fields().getFirst().name(), permitted, false));
        }
        return List.copyOf(alternatives);
    }
}
