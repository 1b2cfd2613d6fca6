package dev.verge.deploy.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.server.Registration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tries whether code would start before it takes the place of code that does: a main module of its own imports the function's, within
 * the function's limits, and no handler is called. In the session's own host, so that it takes milliseconds; a control plane takes a
 * fresh host for each push, because there the next one is somebody else's.
 */
public final class CodeProbe implements AutoCloseable {
    private static final String NAME = "verge-check";
    private static final String URL = "https://check.invalid/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration RECORD = Duration.ofSeconds(5);

    /** Notes which events listeners are added for, before the function's modules are evaluated. */
    private static final String LISTEN = """
            const before = globalThis.addEventListener;
            export const heard = [];
            globalThis.addEventListener = function (type, ...rest) { heard.push(type); return before.call(globalThis, type, ...rest); };
            """;

    private final LocalNode node;
    private final BlockingQueue<JsonNode> records = new ArrayBlockingQueue<>(16);
    private final Registration watch;

    /** Probes at this node. */
    public CodeProbe(LocalNode node) {
        this.node = node;
        this.watch = node.watch(NAME, json -> {
            JsonNode read = parsed(json);
            if (read != null) {
                var _ = records.offer(read);
            }
        });
    }

    private static @Nullable JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException notOurs) {
            return null;
        }
    }

    /** Why the function does not start, in the words of its log, places first; nothing when it does. */
    public Optional<String> problem(LocalFunction function) {
        records.clear();
        LocalFunction probe = probe(function);
        OrderResult result = HostWait.until(() -> node.invoke(probe, URL, new byte[0]));
        if (result.outcome().equals("ok")) {
            String handlers = new String(Base64.getDecoder().decode(result.body()), StandardCharsets.UTF_8);
            return handlers.isEmpty()
                    ? Optional.of(function.bundle().main()
                            + ": exports no handler; write export default { async fetch(request, env, ctx) { … } }")
                    : Optional.empty();
        }
        if (result.outcome().equals(OrderResult.NOT_RUN)) {
            return Optional.of(result.reason());
        }
        return Optional.of(logged().orElse("it does not start: " + result.outcome()));
    }

    private static LocalFunction probe(LocalFunction function) {
        FunctionBundle bundle = function.bundle();
        Map<String, byte[]> modules = new HashMap<>();
        bundle.moduleNames().forEach(name -> modules.put(name, bundle.module(name)));
        modules.put(NAME + "/listen.js", LISTEN.getBytes(StandardCharsets.UTF_8));
        modules.put(NAME + "/main.js", main(bundle.main()).getBytes(StandardCharsets.UTF_8));
        return new LocalFunction(
                NAME,
                FunctionBundle.of(NAME + "/main.js", modules),
                function.manifest(),
                function.secrets(),
                List.of());
    }

    private static String main(String module) {
        return """
                import { heard } from "./listen.js";
                import * as main from "../%s";
                const is = (kind) => heard.includes(kind) || typeof main.default?.[kind] === "function";
                export default { fetch: () => new Response(["fetch", "scheduled"].filter(is).join(" ")) };
                """.formatted(module);
    }

    private Optional<String> logged() {
        try {
            // Records of probes before this one, which went well, may still be on their way.
            JsonNode run;
            do {
                run = records.poll(RECORD.toMillis(), TimeUnit.MILLISECONDS);
            } while (run != null && run.path("outcome").asText().equals("ok"));
            if (run == null || run.path("logs").isEmpty()) {
                return Optional.empty();
            }
            JsonNode logs = run.path("logs");
            return Optional.of(logs.path(logs.size() - 1).path("text").asText());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
