package dev.verge.control.client;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A direct call of a function.
 *
 * @param version null: as traffic is shared out
 * @param method of the request, such as {@code GET}
 * @param url a path such as {@code /cart?id=1}, or an absolute address
 * @param headers its header fields
 * @param body empty for none
 */
public record Invocation(
        @Nullable Integer version, String method, String url, Map<String, String> headers, Buffer body) {}
