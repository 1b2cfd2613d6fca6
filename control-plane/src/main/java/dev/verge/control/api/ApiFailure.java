package dev.verge.control.api;

import dev.verge.control.resource.ProblemDetails;
import java.util.Map;

/** Ends a call with a problem instead of an answer. Made by {@link Problems}. */
public final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ProblemDetails problem;
    private final transient Map<String, String> headers;

    ApiFailure(ProblemDetails problem, Map<String, String> headers) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = headers;
    }

    /** The same with header fields for the answer. */
    ApiFailure with(Map<String, String> fields) {
        return new ApiFailure(problem, fields);
    }

    /** What is answered, but for the request id. */
    public ProblemDetails problem() {
        return problem;
    }

    /** Header fields of the answer. */
    public Map<String, String> headers() {
        return headers;
    }
}
