package dev.verge.sandbox.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.io.IOAccess;

/**
 * The one maker of script contexts. A context is granted nothing: no host classes, no files beyond the function's own modules, no
 * threads, processes, environment or other languages, and no code from strings.
 */
final class ContextFactory implements AutoCloseable {
    private static final String[] LANGUAGES = {"js", "wasm"};

    /** The name of the functions that make the web API. */
    private static final String WEB_API = "vergeWebApi";

    /** Of a compilation; about 1 KiB of heap each while it lasts. Hot functions of the web API take up to 4,000. */
    private static final String MAX_GRAPH_NODES = "40000";

    private static final PolyglotAccess WEB_ASSEMBLY = PolyglotAccess.newBuilder()
            .allowEvalBetween(LANGUAGES)
            .allowBindingsAccess("js")
            .allowBindingsAccess("wasm")
            .build();

    private static final List<String> BOOTSTRAP_FILES = List.of(
            "errors.js",
            "typed-arrays.js",
            "queue.js",
            "events.js",
            "abort.js",
            "webidl.js",
            "url.js",
            "headers.js",
            "readable-stream.js",
            "readers.js",
            "readable-byte.js",
            "tee.js",
            "pipe.js",
            "writable-stream.js",
            "transform-stream.js",
            "encoding.js",
            "body.js",
            "request.js",
            "response.js",
            "fetch.js",
            "inspect.js",
            "console.js",
            "timers.js",
            "performance.js",
            "globals.js",
            "crypto.js",
            "wasm.js",
            "parts.js",
            "program.js");

    /** Rarely used parts of the web API and their files, evaluated in a context when one of their names is first used. */
    private static final Map<String, List<String>> PARTS = Map.ofEntries(
            Map.entry("clone", List.of("clone.js")),
            Map.entry("messages", List.of("messages.js")),
            Map.entry("timing", List.of("timing.js")),
            Map.entry("encodings", List.of("encodings.js")),
            Map.entry("compression", List.of("compression.js")),
            Map.entry("blob", List.of("blob.js")),
            Map.entry("html", List.of("html-selectors.js", "html-tokenizer.js", "html-tokens.js", "html-rewriter.js")),
            Map.entry("formdata", List.of("formdata.js")),
            Map.entry("pattern-syntax", List.of("pattern-syntax.js")),
            Map.entry("urlpattern", List.of("urlpattern.js")),
            Map.entry("bindings", List.of("bindings.js")),
            Map.entry("caches", List.of("caches.js")),
            Map.entry(
                    "crypto",
                    List.of("crypto-values.js", "crypto-keys.js", "crypto-algorithms.js", "crypto-subtle.js")));

    private final Engine engine;
    private final Source bootstrap;
    private final ReadyContexts ready = new ReadyContexts(this);
    private final Map<String, Source> parts = new HashMap<>();

    ContextFactory() {
        this.engine = Engine.newBuilder(LANGUAGES)
                .allowExperimentalOptions(true)
                .option("engine.WarnInterpreterOnly", "false")
                // The web API's own outermost functions run once in a context and are huge: their compilation took all
                // of the
                // compiler's time for a minute, and more heap than a host has.
                .option("engine.CompileOnly", "~" + WEB_API)
                // The same for what tenants write: what needs a larger graph stays interpreted.
                .option("compiler.MaximumGraalGraphSize", MAX_GRAPH_NODES)
                .option("js.disable-eval", "true")
                .option("js.load", "false")
                .option("js.print", "false")
                .option("js.console", "false")
                .option("js.global-arguments", "false")
                // The bootstrap takes the hook for unhandled rejections from it and deletes it before any other code
                // runs.
                .option("js.graal-builtin", "true")
                .option("js.unhandled-rejections", "handler")
                .option("js.polyglot-builtin", "false")
                .option("js.java-package-globals", "false")
                // No second thread sees such memory or could count time in it; Atomics, which can wait, stay away.
                .option("js.shared-array-buffer", "true")
                .option("js.atomics", "false")
                .option("js.esm-eval-returns-exports", "true")
                // For node:async_hooks; the bootstrap takes it, so that no global names it.
                .option("js.async-context", "true")
                .option("js.import-attributes", "true")
                .option("js.json-modules", "true")
                .option("js.text-encoding", "true")
                .option("js.regexp-static-result", "false")
                .option("js.temporal", "false")
                .option("js.webassembly", "true")
                // On the heap, which is bounded; and no second thread.
                .option("wasm.UseUnsafeMemory", "false")
                .option("wasm.Threads", "false")
                .option("js.timezone", "UTC")
                .option("js.locale", "en-US")
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .build();
        this.bootstrap = source("verge:bootstrap", "(function " + WEB_API + "(host) {", BOOTSTRAP_FILES);
        PARTS.forEach((part, files) ->
                parts.put(part, source("verge:" + part, "(function " + WEB_API + "(host, shared) {", files)));
    }

    /** The implementation's name: tells an interpreter from a compiler. */
    String engineName() {
        return engine.getImplementationName();
    }

    /** From now on contexts are made ahead of those who take them. */
    void makeAhead() {
        ready.start();
    }

    /** A context with the web API in it, nobody's yet. */
    Bindings take() {
        return ready.take();
    }

    /** A new context that can import {@code modules} and nothing else. */
    Context create(ModuleSlot modules) {
        return Context.newBuilder(LANGUAGES)
                .engine(engine)
                .allowAllAccess(false)
                // Lets scripts read byte buffers they are handed, and no other thing of the host.
                .allowHostAccess(HostAccess.newBuilder().allowBufferAccess(true).build())
                .allowIO(IOAccess.newBuilder().fileSystem(modules).build())
                // What WebAssembly in JavaScript needs; scripts have no object to reach another language by.
                .allowPolyglotAccess(WEB_ASSEMBLY)
                .allowEnvironmentAccess(EnvironmentAccess.NONE)
                .allowCreateThread(false)
                .allowCreateProcess(false)
                .allowNativeAccess(false)
                .allowHostClassLoading(false)
                .in(InputStream.nullInputStream())
                .build();
    }

    /** The web API: a function of the host's primitives that gives the functions to call on events. */
    Source bootstrap() {
        return bootstrap;
    }

    @Override
    public void close() {
        engine.close(true);
    }

    /** A part of the web API: a function of the host's primitives and the bootstrap's internals that gives the part's globals. */
    Source part(String name) {
        Source part = parts.get(name);
        if (part == null) {
            throw new IllegalStateException("There is no part " + name);
        }
        return part;
    }

    private static Source source(String name, String opening, List<String> files) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            text.writeBytes((opening + "\n'use strict';\n").getBytes(StandardCharsets.UTF_8));
            for (String file : files) {
                try (InputStream in = ContextFactory.class.getResourceAsStream(file)) {
                    if (in == null) {
                        throw new IllegalStateException("The jar lacks " + file);
                    }
                    in.transferTo(text);
                }
            }
            text.writeBytes("\n})".getBytes(StandardCharsets.UTF_8));
            return Source.newBuilder("js", text.toString(StandardCharsets.UTF_8), name)
                    .cached(true)
                    .internal(true)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
