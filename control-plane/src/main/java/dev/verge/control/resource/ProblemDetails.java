package dev.verge.control.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 problem details, {@code application/problem+json}.
 *
 * @param type names the kind of problem: {@code urn:verge:problem:KIND}
 * @param title says that kind in words
 * @param status the HTTP status
 * @param detail says what is wrong in this case, and the way out
 * @param requestId of the call, as in the {@code X-Request-Id} header and the log
 * @param errors every mistake found; empty when there is nothing to list
 */
public record ProblemDetails(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String requestId,
        List<FieldError> errors) {

    /** Keeps its own copy of the mistakes; absent ones are none. */
    public ProblemDetails {
        errors = errors == null ? List.of() : List.copyOf(errors);
    }
}
