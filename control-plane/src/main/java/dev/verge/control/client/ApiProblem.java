package dev.verge.control.client;

import dev.verge.control.resource.FieldError;
import dev.verge.control.resource.ProblemDetails;

/** An answer that was no success, with all that the control plane said about it. */
public final class ApiProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ProblemDetails details;

    /** The problem that an answer carried. */
    public ApiProblem(ProblemDetails details) {
        super(message(details), null, false, false);
        this.details = details;
    }

    /** What the control plane said. */
    public ProblemDetails details() {
        return details;
    }

    /** The HTTP status. */
    public int status() {
        return details.status();
    }

    private static String message(ProblemDetails details) {
        StringBuilder text = new StringBuilder(details.detail().isEmpty() ? details.title() : details.detail());
        for (FieldError error : details.errors()) {
            text.append("\n  ").append(error.path().isEmpty() ? "document" : error.path());
            if (!error.value().isEmpty()) {
                text.append(" \"").append(error.value()).append('"');
            }
            text.append(": ").append(error.rule());
            if (!error.fix().isEmpty()) {
                text.append("; ").append(error.fix());
            }
        }
        return text.toString();
    }
}
