package dev.verge.sync.binding;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A declared default: as a document would say it, and what that becomes. The value is made once and shared by all documents that leave
 * the field out: of a hundred thousand sites most say little, and what they leave out would be most of what is kept of them.
 */
final class Standard {
    private final JsonNode node;
    private final Shape shape;
    private volatile @Nullable Object value;

    /** @param node never changed */
    Standard(JsonNode node, Shape shape) {
        this.node = node;
        this.shape = shape;
    }

    JsonNode node() {
        return node;
    }

    /** The value, which like all that is bound cannot be changed; null when it is to be made for each document. */
    @Nullable
    Object value() {
        Object known = value;
        if (known == null && !(shape instanceof Shape.Tree)) {
            BindRun run = new BindRun();
            Object made = run.value(node, shape, "");
            if (!Mark.MISTAKE.is(made) && run.problems().isEmpty()) {
                value = made;
                return made;
            }
        }
        return known;
    }
}
