package dev.verge.sync.binding;

import java.util.List;
import java.util.function.Function;

/**
 * What came of a document: the value, or every mistake in it.
 *
 * @param <T> the value's type
 */
public sealed interface Bound<T> {

    /** The document is right. */
    record Valid<T>(T value) implements Bound<T> {}

    /** The document is refused; {@code problems} is not empty. */
    record Invalid<T>(List<Problem> problems) implements Bound<T> {
        public Invalid {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("problems: a refused document has at least one");
            }
        }
    }

    /**
     * The value.
     *
     * @throws BindingException with the problems when the document is refused
     */
    default T orThrow() throws BindingException {
        return switch (this) {
            case Valid<T>(T value) -> value;
            case Invalid<T>(List<Problem> problems) -> throw new BindingException(problems);
        };
    }

    /** The problems, none when valid. */
    default List<Problem> mistakes() {
        return switch (this) {
            case Valid<T> valid -> List.of();
            case Invalid<T>(List<Problem> problems) -> problems;
        };
    }

    /** Goes on with the value, if there is one. */
    default <R> Bound<R> then(Function<? super T, Bound<R>> next) {
        return switch (this) {
            case Valid<T>(T value) -> next.apply(value);
            case Invalid<T>(List<Problem> problems) -> new Invalid<>(problems);
        };
    }
}
