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
 * @param body content; the pipeline owns it. With {@code upgrade}, what the client sends once HTTP is left: not to be read before
 * @param upgrade the protocols that the client wants to go on with, as {@code Upgrade} names them (RFC 9110 §7.8); null for none
 * @param scheme that the target names, in lower case; null when it names none (origin form)
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
        @Nullable String upgrade,
        @Nullable String scheme,
        InterimSink interim,
        Instant at,
        long startNanos) {

    /** A request that stays with HTTP. */
    public ClientRequest(
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
        this(caller, method, authority, path, query, fields, body, null, null, interim, at, startNanos);
    }

    public ClientRequest withFields(HttpFields changed) {
        return new ClientRequest(
                caller, method, authority, path, query, changed, body, upgrade, scheme, interim, at, startNanos);
    }

    /** The same as if the client wanted nothing but an answer. */
    public ClientRequest withoutUpgrade() {
        body.discard();
        return new ClientRequest(
                caller, method, authority, path, query, fields, Body.none(), null, scheme, interim, at, startNanos);
    }

    /** Path and query as one. */
    public String target() {
        return query == null ? path : path + "?" + query;
    }
}
