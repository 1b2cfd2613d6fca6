package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One entry of {@code retries.on}: a way to fail, or a status code.
 *
 * @param status 429 or 500 to 599 for {@link Kind#STATUS}, else 0
 */
public record RetryCondition(Kind kind, int status) {

    /** What happened to the try. */
    public enum Kind {
        /** No connection: refused, unreachable, TLS failed, or not established in time. */
        CONNECT_FAILURE,
        /** The connection ended before any byte of the response. */
        RESET,
        /** No response head in time. */
        TIMEOUT,
        /** An answer with a certain status. */
        STATUS
    }

    public static final RetryCondition CONNECT_FAILURE = new RetryCondition(Kind.CONNECT_FAILURE, 0);
    public static final RetryCondition RESET = new RetryCondition(Kind.RESET, 0);
    public static final RetryCondition TIMEOUT = new RetryCondition(Kind.TIMEOUT, 0);

    public RetryCondition {
        boolean fits = kind == Kind.STATUS ? isRetryable(status) : status == 0;
        if (!fits) {
            throw new IllegalArgumentException(status + " cannot be retried; use 429 or 500 to 599");
        }
    }

    /** The condition for an answer with this status. */
    public static RetryCondition status(int code) {
        return new RetryCondition(Kind.STATUS, code);
    }

    /** Whether a document may list this status: 429 and any 5xx. */
    public static boolean isRetryable(int status) {
        return status == 429 || (status >= 500 && status <= 599);
    }

    /** Parses {@code connect-failure}, {@code reset}, {@code timeout} or a status code. */
    @JsonCreator
    public static RetryCondition parse(String text) {
        return switch (text) {
            case "connect-failure" -> CONNECT_FAILURE;
            case "reset" -> RESET;
            case "timeout" -> TIMEOUT;
            case String code
            when code.length() == 3 && code.chars().allMatch(c -> c >= '0' && c <= '9') ->
                status(Integer.parseInt(code));
            default ->
                throw new IllegalArgumentException(
                        "\"" + text + "\" is unknown; use connect-failure, reset, timeout, 429 or 500 to 599");
        };
    }

    /** As written in the document. */
    @Override
    @JsonValue
    public String toString() {
        return switch (kind) {
            case CONNECT_FAILURE -> "connect-failure";
            case RESET -> "reset";
            case TIMEOUT -> "timeout";
            case STATUS -> Integer.toString(status);
        };
    }
}
