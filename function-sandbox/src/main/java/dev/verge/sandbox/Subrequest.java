package dev.verge.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function's {@code fetch()}, or what it asks of one of its bindings.
 *
 * @param requestId of the invocation
 * @param target whom it is for
 * @param method a token, never CONNECT, TRACE or TRACK
 * @param url absolute, http or https, already parsed and serialised by the URL standard, without fragment and credentials
 * @param headers names and values checked by the Fetch standard; not yet by any policy
 * @param body paused, or null for none; ends by itself or fails when the invocation ends
 * @param redirect {@code follow}, {@code manual} or {@code error}
 * @param options what the script said in {@code init.verge} and {@code init.cache}, as JSON; empty for nothing
 * @param signal tells when nobody waits for the answer or the rest of its body
 */
public record Subrequest(
        String requestId,
        SubrequestTarget target,
        String method,
        String url,
        List<HeaderField> headers,
        @Nullable ReadStream<Buffer> body,
        String redirect,
        String options,
        SubrequestSignal signal) {
    public Subrequest {
        headers = List.copyOf(headers);
    }

    /** The same with another place to go to: what a redirect makes of it. */
    public Subrequest redirected(String newMethod, String newUrl, List<HeaderField> newHeaders) {
        return new Subrequest(requestId, target, newMethod, newUrl, newHeaders, null, redirect, options, signal);
    }
}
