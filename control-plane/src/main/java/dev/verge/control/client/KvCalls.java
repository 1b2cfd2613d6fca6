package dev.verge.control.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.KvKey;
import dev.verge.control.resource.Page;
import dev.verge.control.resource.WireJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls about key-value namespaces. Futures fail as {@link ApiClient}'s do. */
public final class KvCalls {
    private static final TypeReference<Page<KvKey>> KEYS = new TypeReference<>() {};

    private static final String METADATA = "Verge-Metadata";

    /** For values of the greatest length on a slow line. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Wire wire;

    KvCalls(Wire wire) {
        this.wire = wire;
    }

    /** All keys of a namespace that begin with {@code prefix}. */
    public Future<List<KvKey>> list(String namespace, String prefix) {
        return wire.all("/v1/kv/" + Wire.part(namespace) + "?prefix=" + Wire.part(prefix), KEYS);
    }

    /** A value with what stands beside it. */
    public Future<KvValue> get(String namespace, String key) {
        return wire.call(HttpMethod.GET, path(namespace, key))
                .timeout(LONGEST)
                .send()
                .map(answer -> new KvValue(Wire.bytes(answer), readable(answer.getHeader(METADATA))));
    }

    /**
     * Writes a value, in place of the one before and its metadata.
     *
     * @param metadata JSON text that is kept beside it; null: none
     * @param ttl after which it goes away by itself, a minute at least; null: never
     */
    public Future<KvKey> put(
            String namespace, String key, byte[] value, @Nullable String metadata, @Nullable Duration ttl) {
        Wire.Call call = wire.call(
                        HttpMethod.PUT, path(namespace, key) + (ttl == null ? "" : "?ttl=" + ttl.toSeconds()))
                .timeout(LONGEST)
                .header("Content-Type", "application/octet-stream")
                .body(Buffer.buffer(value));
        return (metadata == null ? call : call.header(METADATA, ascii(metadata))).send(new TypeReference<>() {});
    }

    /** Removes a key. */
    public Future<Void> delete(String namespace, String key) {
        return wire.call(HttpMethod.DELETE, path(namespace, key)).send().mapEmpty();
    }

    private static @Nullable String readable(@Nullable String field) {
        return field == null ? null : WireJson.parse(field).toString();
    }

    /** JSON text as a header field may hold it: what is beyond ASCII is escaped (RFC 8259, section 7), line breaks are spaces. */
    private static String ascii(String json) {
        StringBuilder text = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c < 0x80) {
                text.append(c < ' ' ? ' ' : c);
            } else {
                text.append(String.format("\\u%04x", (int) c));
            }
        }
        return text.toString();
    }

    private static String path(String namespace, String key) {
        return "/v1/kv/" + Wire.part(namespace) + "/" + Wire.part(key);
    }
}
