package dev.verge.control.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A function version to push.
 *
 * @param modules content of each module by its name, such as {@code lib/time.js}
 * @param metadata the metadata object of the API ({@code main, limits, egress, kv, services, vars, …}); {@code main} may be absent
 *     with one module
 */
public record FunctionUpload(Map<String, byte[]> modules, JsonNode metadata) {

    /** Keeps its own copy of the modules. */
    public FunctionUpload {
        modules = Map.copyOf(modules);
        if (modules.isEmpty()) {
            throw new IllegalArgumentException("modules: none; a function has at least one");
        }
    }

    /** A function of one module with nothing but defaults. */
    public static FunctionUpload of(String source) {
        return new FunctionUpload(
                Map.of("main.js", source.getBytes(StandardCharsets.UTF_8)),
                JsonNodeFactory.instance.objectNode().put("main", "main.js"));
    }
}
