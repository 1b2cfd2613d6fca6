package dev.verge.sandbox;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a function's answer.
 *
 * @param outcome {@code OK} when the function answered; anything else is a run that ended without a response
 * @param status of the response, or {@link FunctionOutcome#status()}
 * @param headers of the response; names and values are valid for HTTP; may contain framing headers
 *     ({@code content-length}, {@code transfer-encoding}, {@code connection}) that a server must set by itself
 * @param body paused, or null for none. Its reader must take it to its end or {@linkplain FunctionInvocation#cancel() cancel}.
 *     It fails when the run ends before the body does, unless the rest is that of another body, which the function passed on: that goes
 *     on without it. Used only on the context that made the call.
 * @param whole all of the body when it is there already, else null; a reader may take it instead of the stream
 * @param length bytes of the body, or -1 when only its end tells: known of one that is there, and of one that the function passes on as it came.
 *     A body that turns out to have others fails
 * @param passThrough the function threw after {@code ctx.passThroughOnException()}: the caller should go on as if there were no
 *     function
 * @param done completes when the invocation is over; never fails
 */
public record FunctionResult(
        FunctionOutcome outcome,
        int status,
        List<HeaderField> headers,
        @Nullable ReadStream<Buffer> body,
        @Nullable Buffer whole,
        long length,
        boolean passThrough,
        Future<InvocationRecord> done) {
    public FunctionResult {
        headers = List.copyOf(headers);
    }
}
