package dev.verge.cache.http;

import org.jspecify.annotations.Nullable;

/**
 * A request without its body, as the cache sees it.
 *
 * @param method the method, in its case (methods are case-sensitive, RFC 9110 §9.1)
 * @param scheme {@code http} or {@code https}
 * @param host the host the client asked for; may still carry a port or capitals, which keys ignore
 * @param path the path as sent, at least {@code /}
 * @param query the text after {@code ?} without it; null when there is no {@code ?}
 */
public record RequestHead(
        String method,
        String scheme,
        String host,
        String path,
        @Nullable String query,
        HttpFields fields) {
    public RequestHead withFields(HttpFields changed) {
        return new RequestHead(method, scheme, host, path, query, changed);
    }

    /** The same with another method. */
    public RequestHead as(String other) {
        return new RequestHead(other, scheme, host, path, query, fields);
    }

    public boolean isGet() {
        return method.equals("GET");
    }

    public boolean isHead() {
        return method.equals("HEAD");
    }
}
