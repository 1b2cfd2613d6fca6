package dev.verge.sandbox;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One event for a function: a request, or a tick of a schedule.
 *
 * @param function which one
 * @param bundle its code; asked only when no host of the account holds it yet
 * @param requestId for logs, at most 200 characters
 * @param method as in HTTP
 * @param url absolute, as the client used it
 * @param headers in the order received
 * @param body paused, or null for none. The runtime takes it over: it reads it to its end, or drops its handlers and
 *     leaves it paused when the call ends before that. Used only on the context that made the call.
 * @param subrequests answers the function's {@code fetch()} and what it asks of its bindings
 * @param facts what {@code request.verge} holds, as a JSON object; empty for nothing
 * @param traceparent of the trace that the run belongs to, for its record; empty for none
 * @param scheduled the tick, when it is one: then there is no request, and method, URL and headers are not looked at
 * @param inner whether another function's call waits for this one: it then does not queue behind calls that wait as well
 */
public record FunctionCall(
        FunctionVersion function,
        Supplier<Future<FunctionBundle>> bundle,
        String requestId,
        String method,
        String url,
        List<HeaderField> headers,
        @Nullable ReadStream<Buffer> body,
        SubrequestHandler subrequests,
        String facts,
        String traceparent,
        @Nullable ScheduledEvent scheduled,
        boolean inner) {
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS");

    public FunctionCall {
        headers = List.copyOf(headers);
    }

    /** Whether it may run twice when nobody has seen anything of the first run (RFC 9110 §9.2.2), and can: a body is read once. */
    public boolean repeatable() {
        return body == null && scheduled == null && REPEATABLE.contains(method);
    }

    /** A request that nothing more is known of. */
    public FunctionCall(
            FunctionVersion function,
            Supplier<Future<FunctionBundle>> bundle,
            String requestId,
            String method,
            String url,
            List<HeaderField> headers,
            @Nullable ReadStream<Buffer> body,
            SubrequestHandler subrequests) {
        this(function, bundle, requestId, method, url, headers, body, subrequests, "", "", null, false);
    }

    /** A tick of a schedule. */
    public static FunctionCall scheduled(
            FunctionVersion function,
            Supplier<Future<FunctionBundle>> bundle,
            String requestId,
            SubrequestHandler subrequests,
            ScheduledEvent event) {
        return new FunctionCall(
                function, bundle, requestId, "GET", "", List.of(), null, subrequests, "", "", event, false);
    }
}
