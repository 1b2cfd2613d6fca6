package dev.verge.node.exchange;

import dev.verge.cache.http.HttpFields;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came in, read but not judged.
 *
 * @param authority {@code :authority} or {@code Host}, as sent; null when the client sent none
 * @param path percent-encoded, beginning with {@code /}; {@code *} for {@code OPTIONS *}
 * @param query without {@code ?}; null when the target has none
 * @param fields every field line, {@code Host} included for HTTP/1
 * @param body content; the pipeline owns it
 * @param interim where interim responses go
 * @param at when the head had arrived
 * @param startNanos the same on {@link System#nanoTime}
 */
public record ClientRequest(
        Caller caller,
        String method,
        @Nullable String authority,
        String path,
        @Nullable String query,
        HttpFields fields,
        Body body,
        InterimSink interim,
        Instant at,
        long startNanos) {

    public ClientRequest withFields(HttpFields changed) {
        return new ClientRequest(caller, method, authority, path, query, changed, body, interim, at, startNanos);
    }

    /** Path and query as one. */
    public String target() {
        return query == null ? path : path + "?" + query;
    }
}
