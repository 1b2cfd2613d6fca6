package dev.verge.sandbox.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Modules of Node.js that functions may import, each a subset over the web API: {@code import { Buffer } from "node:buffer"}. */
final class NodeModules {
    static final String SCHEME = "node";

    private static final Map<String, String> FILES = Map.ofEntries(
            Map.entry("node:assert", "assert.mjs"),
            Map.entry("node:async_hooks", "async_hooks.mjs"),
            Map.entry("node:buffer", "buffer.mjs"),
            Map.entry("node:crypto", "crypto.mjs"),
            Map.entry("node:events", "events.mjs"),
            Map.entry("node:path", "path.mjs"),
            Map.entry("node:path/posix", "path.mjs"),
            Map.entry("node:process", "process.mjs"),
            Map.entry("node:querystring", "querystring.mjs"),
            Map.entry("node:stream/web", "stream-web.mjs"),
            Map.entry("node:string_decoder", "string_decoder.mjs"),
            Map.entry("node:timers", "timers.mjs"),
            Map.entry("node:timers/promises", "timers-promises.mjs"),
            Map.entry("node:url", "url.mjs"),
            Map.entry("node:util", "util.mjs"));

    private static final Map<String, byte[]> TEXTS = new ConcurrentHashMap<>();

    private NodeModules() {}

    /** The module's text in UTF-8, not to be changed; null when there is no such module. */
    static byte @Nullable [] text(String specifier) {
        String file = FILES.get(specifier);
        return file == null ? null : TEXTS.computeIfAbsent(file, NodeModules::read);
    }

    private static byte[] read(String file) {
        try (InputStream in = NodeModules.class.getResourceAsStream("node/" + file)) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks node/" + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
