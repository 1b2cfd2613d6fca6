package dev.verge.sync.binding;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a type looks like in a document. Made once for each declaration by {@link Shapes}. */
sealed interface Shape {

    record Text(Constraints limits) implements Shape {}

    record Flag() implements Shape {}

    /** A whole number; {@code bytes} also takes a size with a unit. */
    record Whole(boolean isInt, boolean bytes, Constraints limits) implements Shape {}

    record Decimal(Constraints limits) implements Shape {}

    record Time(Constraints limits) implements Shape {}

    /** An enum: written name → constant, in order of declaration. */
    record Choice(Map<String, Object> constants) implements Shape {}

    /** A class that reads itself from text. */
    record Parsed(Class<?> type, Method creator) implements Shape {}

    /** A class that reads itself from any JSON. */
    record Tree(Class<?> type, @Nullable Method creator) implements Shape {}

    /** {@code single}: one element may stand for a list of one. */
    record ListOf(Shape element, boolean single, Constraints limits) implements Shape {}

    record MapOf(Shape key, Shape value, Constraints limits) implements Shape {}

    /** A record, described by {@link Shapes#fields}; lazily, since records may hold themselves. */
    record Nested(Class<?> type) implements Shape {}

    /** A sealed interface of records, told apart by one key; see {@link Shapes#alternatives}. */
    record Union(Class<?> type) implements Shape {}

    /** The components of a record. */
    record Fields(Class<?> type, List<Field> fields, Constructor<?> constructor) {}

    /**
     * One component.
     *
     * @param fallback the declared default; null for none
     * @param standard the same as a document would say it; null for none
     */
    record Field(
            String name,
            Method accessor,
            Shape shape,
            @Nullable String fallback,
            @Nullable Standard standard,
            boolean nullable,
            boolean secret,
            String description) {

        boolean required() {
            return fallback == null && !nullable;
        }
    }

    /** One record of a union; {@code wrapped} when the record's fields stand under the key. */
    record Alternative(String key, Class<?> type, boolean wrapped) {}
}
