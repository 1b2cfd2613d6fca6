package dev.verge.control.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.KvKey;
import dev.verge.control.resource.Page;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls about key-value namespaces. Futures fail as {@link ApiClient}'s do. */
public final class KvCalls {
    private static final TypeReference<Page<KvKey>> KEYS = new TypeReference<>() {};

    private final Wire wire;

    KvCalls(Wire wire) {
        this.wire = wire;
    }

    /** All keys of a namespace that begin with {@code prefix}. */
    public Future<List<KvKey>> list(String namespace, String prefix) {
        return wire.all("/v1/kv/" + Wire.part(namespace) + "?prefix=" + Wire.part(prefix), KEYS);
    }

    /** A value. */
    public Future<byte[]> get(String namespace, String key) {
        return wire.call(HttpMethod.GET, path(namespace, key)).send().map(Wire::bytes);
    }

    /**
     * Writes a value.
     *
     * @param ttl after which it goes away by itself, a minute at least; null: never
     */
    public Future<KvKey> put(String namespace, String key, byte[] value, @Nullable Duration ttl) {
        return wire.call(HttpMethod.PUT, path(namespace, key) + (ttl == null ? "" : "?ttl=" + ttl.toSeconds()))
                .header("Content-Type", "application/octet-stream")
                .body(Buffer.buffer(value))
                .send(new TypeReference<>() {});
    }

    /** Removes a key. */
    public Future<Void> delete(String namespace, String key) {
        return wire.call(HttpMethod.DELETE, path(namespace, key)).send().mapEmpty();
    }

    private static String path(String namespace, String key) {
        return "/v1/kv/" + Wire.part(namespace) + "/" + Wire.part(key);
    }
}
