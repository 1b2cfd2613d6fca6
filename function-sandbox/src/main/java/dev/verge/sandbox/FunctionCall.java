package dev.verge.sandbox;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to a function.
 *
 * @param function which one
 * @param bundle its code; asked only when no host of the account holds it yet
 * @param requestId for logs, at most 200 characters
 * @param method as in HTTP
 * @param url absolute, as the client used it
 * @param headers in the order received
 * @param body paused, or null for none. The runtime takes it over: it reads it to its end, or drops its handlers and
 *     leaves it paused when the call ends before that. Used only on the context that made the call.
 * @param subrequests answers the function's {@code fetch()}
 */
public record FunctionCall(
        FunctionVersion function,
        Supplier<Future<FunctionBundle>> bundle,
        String requestId,
        String method,
        String url,
        List<HeaderField> headers,
        @Nullable ReadStream<Buffer> body,
        SubrequestHandler subrequests) {
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS");

    public FunctionCall {
        headers = List.copyOf(headers);
    }

    /** Whether it may run twice when nobody has seen anything of the first run (RFC 9110 §9.2.2), and can: a body is read once. */
    public boolean repeatable() {
        return body == null && REPEATABLE.contains(method);
    }
}
