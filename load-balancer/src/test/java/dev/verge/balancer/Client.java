package dev.verge.balancer;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request's traits, for tests. */
record Client(String path, String clientIp, Map<String, String> headers, Map<String, String> cookies)
        implements RequestTraits {

    static final Client PLAIN = new Client("/", "192.0.2.1", Map.of(), Map.of());

    static Client withCookie(String name, String value) {
        return new Client("/", "192.0.2.1", Map.of(), Map.of(name, value));
    }

    @Override
    public @Nullable String query() {
        return null;
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    @Override
    public @Nullable String cookie(String name) {
        return cookies.get(name);
    }
}
