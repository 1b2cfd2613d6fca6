package dev.verge.node.server.http2;

import dev.verge.cache.http.HttpFields;
import org.jspecify.annotations.Nullable;

/** What one request over HTTP/2 says in places that the server library does not show. Used on its event loop alone. */
public final class StreamNotes {
    private final @Nullable String protocol;
    private HttpFields trailers = HttpFields.EMPTY;

    StreamNotes(@Nullable String protocol) {
        this.protocol = protocol;
    }

    /** {@code :protocol} of an extended CONNECT (RFC 8441 §4); null for every other request. */
    public @Nullable String protocol() {
        return protocol;
    }

    /** The request's trailer fields as they came; complete once its content has ended. */
    public HttpFields trailers() {
        return trailers;
    }

    void trailers(HttpFields received) {
        trailers = received;
    }
}
