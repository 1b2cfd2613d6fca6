package dev.verge.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function's {@code fetch()}.
 *
 * @param requestId of the invocation
 * @param method a token, never CONNECT, TRACE or TRACK
 * @param url absolute, http or https, already parsed and serialised by the URL standard, without fragment and credentials
 * @param headers names and values checked by the Fetch standard; not yet by any policy
 * @param body paused, or null for none; ends by itself or fails when the invocation ends
 * @param redirect {@code follow}, {@code manual} or {@code error}
 */
public record Subrequest(
        String requestId,
        String method,
        String url,
        List<HeaderField> headers,
        @Nullable ReadStream<Buffer> body,
        String redirect) {
    public Subrequest {
        headers = List.copyOf(headers);
    }
}
