package dev.verge.node.fast;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.InterimSink;
import dev.verge.node.pipeline.PlainHits;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that may be answered the short way. The same for the same bytes of a head from callers alike, see {@link SeenHeads}.
 *
 * @param head whether it is HEAD, not GET
 * @param uri target in origin form
 * @param host as the request states it
 * @param sent all fields, as they came
 * @param fields those that may decide anything
 * @param deciding whether one of them may decide what of a stored response is sent, besides what it varies on
 * @param strange whether one of those that came is not known to be harmless
 */
record PlainWish(
        boolean head, String uri, String host, HttpFields sent, HttpFields fields, boolean deciding, boolean strange) {

    /** Reads a request; null when it takes the whole path. */
    static @Nullable PlainWish of(HttpRequest request, Caller caller, Instant now) {
        String uri = request.uri();
        boolean get = request.method().equals(HttpMethod.GET);
        if ((!get && !request.method().equals(HttpMethod.HEAD))
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || !request.decoderResult().isSuccess()
                || uri.isEmpty()
                || uri.charAt(0) != '/') {
            return null;
        }
        return of(!get, uri, Asked.read(request.headers(), caller.trusted()), caller, now);
    }

    /** Reads a request over HTTP/2 that has no content (RFC 9113 §8.3.1); null when it takes the whole path. */
    static @Nullable PlainWish of(Http2Headers request, Caller caller, Instant now) {
        CharSequence method = request.method();
        CharSequence scheme = request.scheme();
        CharSequence authority = request.authority();
        CharSequence path = request.path();
        if (method == null || scheme == null || authority == null || path == null) {
            return null;
        }
        boolean get = "GET".contentEquals(method);
        if ((!get && !"HEAD".contentEquals(method))
                || !(caller.tls() == null ? "http" : "https").contentEquals(scheme)
                || path.isEmpty()
                || path.charAt(0) != '/') {
            return null;
        }
        return of(!get, path.toString(), Asked.read(request, authority.toString(), caller.trusted()), caller, now);
    }

    private static @Nullable PlainWish of(boolean head, String uri, @Nullable Asked asked, Caller caller, Instant now) {
        if (asked == null || asked.host().length() + uri.length() > Targets.MAX_CHARACTERS) {
            return null;
        }
        PlainWish wish = new PlainWish(
                head, uri, asked.host(), asked.fields(), asked.fields(), asked.deciding(), asked.strange());
        if (!asked.strange()) {
            return wish;
        }
        HttpFields believed = PlainHits.believed(wish.request(caller, uri, null, asked.fields(), now));
        return PlainHits.overrides(believed)
                ? null
                : new PlainWish(head, uri, asked.host(), asked.fields(), believed, asked.deciding(), true);
    }

    ClientRequest request(Caller caller, String path, @Nullable String query, HttpFields those, Instant now) {
        return request(caller, path, query, those, InterimSink.NOBODY, now);
    }

    /** The request as it came, for the whole path. */
    ClientRequest request(Caller caller, InterimSink interim, Instant now) {
        int question = uri.indexOf('?');
        return question < 0
                ? request(caller, uri, null, sent, interim, now)
                : request(caller, uri.substring(0, question), uri.substring(question + 1), sent, interim, now);
    }

    private ClientRequest request(
            Caller caller, String path, @Nullable String query, HttpFields those, InterimSink interim, Instant now) {
        return new ClientRequest(
                caller, head ? "HEAD" : "GET", host, path, query, those, Body.none(), interim, now, System.nanoTime());
    }
}
