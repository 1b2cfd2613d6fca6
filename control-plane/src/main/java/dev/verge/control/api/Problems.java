package dev.verge.control.api;

import dev.verge.control.resource.FieldError;
import dev.verge.control.resource.ProblemDetails;
import dev.verge.sync.binding.Problem;
import java.util.List;
import java.util.Map;

/** Every kind of error that the API answers with, each made in one place. */
public final class Problems {

    private Problems() {}

    /** The document or body has mistakes: all of them are listed. */
    public static ApiFailure mistakes(List<Problem> problems) {
        List<FieldError> errors = problems.stream()
                .map(problem -> new FieldError(problem.path(), problem.value(), problem.rule(), problem.fix()))
                .toList();
        String count = errors.size() == 1 ? "1 mistake" : errors.size() + " mistakes";
        return failure(
                422,
                "invalid",
                "The document is not valid",
                count + "; nothing was stored. Correct what errors lists.",
                errors);
    }

    /** One mistake in a document or body. */
    public static ApiFailure mistake(String path, String value, String rule, String fix) {
        return mistakes(List.of(new Problem(path, value, rule, fix)));
    }

    /** The call itself is malformed: its query, a header field, the way its body is written. */
    public static ApiFailure malformed(String detail) {
        return failure(400, "malformed", "The call is malformed", detail);
    }

    /** No token, or none that is known, or one that has expired or was revoked. */
    public static ApiFailure unauthenticated() {
        return failure(
                        401,
                        "unauthenticated",
                        "A valid token is needed",
                        "The call has no valid token: send Authorization: Bearer TOKEN with one that has neither expired nor been"
                                + " revoked.")
                .with(Map.of("WWW-Authenticate", "Bearer realm=\"verge\""));
    }

    /** The token may not do this. */
    public static ApiFailure forbidden(String detail) {
        return failure(403, "forbidden", "The token may not do this", detail);
    }

    /** There is no such thing, or it belongs to another account. */
    public static ApiFailure notFound(String what) {
        return failure(404, "not-found", "Not found", "There is no " + what + ".");
    }

    /** The path is known, but not with this method. */
    public static ApiFailure methodNotAllowed(String allowed) {
        return failure(405, "method-not-allowed", "Method not allowed", "Allowed here: " + allowed + ".")
                .with(Map.of("Allow", allowed));
    }

    /** What is there stands against it. */
    public static ApiFailure conflict(String detail) {
        return failure(409, "conflict", "In conflict with what is there", detail);
    }

    /** The precondition did not hold: somebody else changed it first. */
    public static ApiFailure precondition(String detail) {
        return failure(412, "changed-meanwhile", "Changed meanwhile", detail);
    }

    /** The body is larger than the route takes. */
    public static ApiFailure tooLarge(long limitBytes) {
        return failure(
                413,
                "too-large",
                "The body is too large",
                "The body is larger than the " + limitBytes + " bytes allowed here.");
    }

    /** The body is of no type that the route reads. */
    public static ApiFailure unsupportedType(String type, String wanted) {
        return failure(
                415,
                "unsupported-type",
                "The body's type is not read here",
                "Content-Type is \"" + type + "\"; send " + wanted + ".");
    }

    /** The token has made too many calls. */
    public static ApiFailure tooMany(long retryAfterSeconds) {
        return failure(429, "too-many-calls", "Too many calls", "Try again in " + retryAfterSeconds + " s.")
                .with(Map.of("Retry-After", Long.toString(retryAfterSeconds)));
    }

    /** One thing is written to faster than it may be. */
    public static ApiFailure tooFast(String what, long retryAfterSeconds) {
        return failure(429, "too-fast", "Too many writes", what + "; try again in " + retryAfterSeconds + " s.")
                .with(Map.of("Retry-After", Long.toString(retryAfterSeconds)));
    }

    /** Not now; later. */
    public static ApiFailure unavailable(String detail, long retryAfterSeconds) {
        return failure(503, "unavailable", "Not available now", detail)
                .with(Map.of("Retry-After", Long.toString(retryAfterSeconds)));
    }

    /** A fault of ours; what happened stands in the log under the request id. */
    public static ApiFailure internal() {
        return failure(
                500,
                "internal",
                "The control plane failed",
                "The call could not be done; the log tells why under this request id.");
    }

    /** Any other failure. */
    public static ApiFailure failure(int status, String kind, String title, String detail) {
        return failure(status, kind, title, detail, List.of());
    }

    private static ApiFailure failure(int status, String kind, String title, String detail, List<FieldError> errors) {
        return new ApiFailure(
                new ProblemDetails("urn:verge:problem:" + kind, title, status, detail, null, errors), Map.of());
    }
}
