package dev.verge.sync.binding;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Binds JSON to records, strictly.
 *
 * <p>Unknown fields are refused. An absent field takes its declared default, null if it is {@code @Nullable}, and is a mistake
 * otherwise; an explicit null counts as absent, and is refused where no field is: in lists and maps. Ranges are those of the declared constraint annotations; relations between fields
 * are checked by the record's own compact constructor, whose {@link IllegalArgumentException} reads {@code field: what is wrong;
 * the fix}. Stateless and safe to share.
 */
public final class Binder {

    private static final Binder STANDARD = new Binder();

    private Binder() {}

    /** The binder. */
    public static Binder standard() {
        return STANDARD;
    }

    /** Binds a parsed document to a record or sealed interface of records. */
    public <T> Bound<T> bind(JsonNode node, Class<T> type) {
        return result(attempt(node, type));
    }

    /** Parses YAML or JSON, then binds it. */
    public <T> Bound<T> bindText(String text, Class<T> type) {
        return DocumentText.parse(text).then(node -> bind(node, type));
    }

    /** Parses JSON alone, then binds it. */
    public <T> Bound<T> bindJson(String text, Class<T> type) {
        return DocumentText.parseJson(text).then(node -> bind(node, type));
    }

    /** Binds as far as possible, for documents with further checks of their own. */
    public <T> Attempt<T> attempt(JsonNode node, Class<T> type) {
        BindRun run = new BindRun();
        Object value = run.value(node, Shapes.of(type), "");
        return new Attempt<>(Mark.MISTAKE.is(value) ? null : type.cast(value), run.problems(), run.places());
    }

    private static <T> Bound<T> result(Attempt<T> attempt) {
        List<Problem> problems = attempt.problems();
        @Nullable T value = attempt.value();
        if (!problems.isEmpty()) {
            return new Bound.Invalid<>(problems);
        }
        if (value == null) {
            throw new IllegalStateException("bound to nothing without a problem");
        }
        return new Bound.Valid<>(value);
    }
}
