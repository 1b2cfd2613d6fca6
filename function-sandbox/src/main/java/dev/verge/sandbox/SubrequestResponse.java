package dev.verge.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a function's {@code fetch()} resolves to.
 *
 * @param status 100 to 599
 * @param url the final one, after redirects
 * @param redirected whether redirects were followed
 * @param body paused, or null for none; the runtime takes it over as it does a call's body
 * @param length bytes of the body, or -1 when only its end tells
 */
public record SubrequestResponse(
        int status,
        String url,
        boolean redirected,
        List<HeaderField> headers,
        @Nullable ReadStream<Buffer> body,
        long length) {

    /** One without a body, or with one of unknown length. */
    public SubrequestResponse(
            int status, String url, boolean redirected, List<HeaderField> headers, @Nullable ReadStream<Buffer> body) {
        this(status, url, redirected, headers, body, -1);
    }

    public SubrequestResponse {
        headers = List.copyOf(headers);
    }
}
