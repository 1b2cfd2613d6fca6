package dev.verge.node.fast;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.InterimSink;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request with content that needs nothing from the server library.
 *
 * @param uri target in origin form
 * @param host as the request states it
 * @param fields all of them, as they came
 */
record PlainContent(String method, String uri, String host, HttpFields fields) {

    /** Reads the head of a request; null when it takes the whole path. */
    static @Nullable PlainContent of(HttpRequest request, Caller caller) {
        String uri = request.uri();
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || !request.decoderResult().isSuccess()
                || uri.isEmpty()
                || uri.charAt(0) != '/') {
            return null;
        }
        Asked asked = Asked.withContent(request.headers(), caller.trusted());
        return asked == null ? null : new PlainContent(request.method().name(), uri, asked.host(), asked.fields());
    }

    /** The request as it came. */
    ClientRequest request(Caller caller, Buffer content, InterimSink interim, Instant now) {
        int question = uri.indexOf('?');
        return new ClientRequest(
                caller,
                method,
                host,
                question < 0 ? uri : uri.substring(0, question),
                question < 0 ? null : uri.substring(question + 1),
                fields,
                content.length() == 0 ? Body.none() : new Body.Whole(content),
                interim,
                now,
                System.nanoTime());
    }
}
