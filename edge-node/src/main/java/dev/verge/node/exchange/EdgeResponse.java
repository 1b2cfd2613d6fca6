package dev.verge.node.exchange;

import dev.verge.cache.http.HttpFields;
import io.vertx.core.buffer.Buffer;

/**
 * A response on its way to a client.
 *
 * @param fields end-to-end fields; framing ({@code Content-Length}, {@code Transfer-Encoding}) is made when it is written
 * @param closes whether the client's connection ends with it
 */
public record EdgeResponse(int status, HttpFields fields, Body body, boolean closes) {

    public static EdgeResponse of(int status, HttpFields fields, Buffer content) {
        return new EdgeResponse(status, fields, content.length() == 0 ? Body.none() : new Body.Whole(content), false);
    }

    public EdgeResponse with(HttpFields newFields) {
        return new EdgeResponse(status, newFields, body, closes);
    }

    public EdgeResponse with(Body newBody) {
        return new EdgeResponse(status, fields, newBody, closes);
    }

    public EdgeResponse closing(boolean newCloses) {
        return new EdgeResponse(status, fields, body, newCloses);
    }
}
