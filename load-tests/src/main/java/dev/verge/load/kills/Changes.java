package dev.verge.load.kills;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The stream of changes, and what must be found afterwards. Each site and each key gets one number after the other, and the next only when
 * the one before was acknowledged: so the last acknowledged number is what every node must hold, and a site must have as many versions.
 */
final class Changes {
    static final int SITES = 20;
    static final int KEYS = 20;
    private static final String YAML = "application/yaml";
    private static final String JSON = "application/json";
    private static final Duration BETWEEN = Duration.ofMillis(20);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final int TRIES = 60;

    private final Api api;
    private final List<Integer> nodes;
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicLong content = new AtomicLong(1);
    private volatile long purged = 1;
    private long purges;
    private final HttpServer origin;

    Changes(Api api, List<Integer> nodes) throws IOException {
        this.api = api;
        this.nodes = nodes;
        this.origin = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        origin.createContext("/", exchange -> {
            byte[] body = Long.toString(content.get()).getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().add("Cache-Control", "max-age=86400");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        origin.start();
    }

    long purges() {
        return purges;
    }

    void close() {
        origin.stop(0);
    }

    /** What stands before the drill: a function that reads all keys, its site, and a site with content that is kept for a day. */
    void prepare() {
        String reader = """
                export default { async fetch(request, env) {
                  const values = [];
                  for (let i = 0; i < %d; i++) values.push(await env.KEYS.get("k" + i));
                  return new Response(values.join(","));
                } }
                """.formatted(KEYS);
        String form = "--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n"
                + "{\"main\": \"main.js\", \"kv\": {\"KEYS\": \"drill\"}}\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"main.js\"; filename=\"main.js\"\r\n"
                + "Content-Type: application/javascript\r\n\r\n" + reader + "\r\n--b--\r\n";
        api.change("PUT", "/v1/functions/reader", "multipart/form-data; boundary=b", form, "", () -> true);
        api.change("PUT", "/v1/sites/reader", YAML, """
                site: reader
                hosts: [reader.drill.example]
                functions: {reader: {function: reader}}
                rules: [{name: all, do: [{run: reader}]}]
                """, "", () -> true);
        api.change(
                "PUT",
                "/v1/sites/cached",
                YAML,
                """
                site: cached
                hosts: [cached.drill.example]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(origin.getAddress().getPort()),
                "",
                () -> true);
    }

    /** The threads that change things until they are told to stop. */
    List<Thread> start(BooleanSupplier goOn) {
        List<Thread> threads = new ArrayList<>();
        threads.add(Thread.ofVirtual().start(() -> sites(goOn)));
        threads.add(Thread.ofVirtual().start(() -> keys(goOn)));
        threads.add(Thread.ofVirtual().start(() -> purge(goOn)));
        for (int node : nodes) {
            threads.add(Thread.ofVirtual().start(() -> visit(node, goOn)));
        }
        return threads;
    }

    private void sites(BooleanSupplier goOn) {
        for (long number = 1; goOn.getAsBoolean(); number++) {
            for (int i = 0; i < SITES && goOn.getAsBoolean(); i++) {
                String document = """
                        site: s%d
                        hosts: [s%d.drill.example]
                        rules: [{name: all, do: [{respond: {status: 200, body: "%d"}}]}]
                        """.formatted(i, i, number);
                // What was begun is brought to its end, so that what was acknowledged is known.
                api.change("PUT", "/v1/sites/s" + i, YAML, document, "", () -> true);
                acknowledged.put("s" + i, number);
                Api.sleep(BETWEEN);
            }
        }
    }

    private void keys(BooleanSupplier goOn) {
        for (long number = 1; goOn.getAsBoolean(); number++) {
            for (int i = 0; i < KEYS && goOn.getAsBoolean(); i++) {
                api.change(
                        "PUT", "/v1/kv/drill/k" + i, "application/octet-stream", Long.toString(number), "", () -> true);
                acknowledged.put("k" + i, number);
                Api.sleep(BETWEEN);
            }
        }
    }

    private void purge(BooleanSupplier goOn) {
        while (goOn.getAsBoolean()) {
            long now = content.incrementAndGet();
            api.change(
                    "POST",
                    "/v1/sites/cached/purge",
                    JSON,
                    "{\"urls\": [\"/page\"]}",
                    UUID.randomUUID().toString(),
                    () -> true);
            purged = now;
            purges++;
            Api.sleep(BETWEEN.multipliedBy(10));
        }
    }

    private void visit(int node, BooleanSupplier goOn) {
        while (goOn.getAsBoolean()) {
            api.visit(node, "cached.drill.example", "/page");
            Api.sleep(BETWEEN);
        }
    }

    /** What is not as it must be, one line each. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < SITES; i++) {
            long number = acknowledged.getOrDefault("s" + i, 0L);
            HttpResponse<String> stored = api.get("/v1/sites/s" + i);
            expect(
                    missing,
                    "site s" + i + ", versions",
                    number,
                    stored.headers().firstValue("Verge-Version").orElse(""));
            for (int node : nodes) {
                expect(missing, "site s" + i + " at " + node, number, body(node, "s" + i + ".drill.example", "/"));
            }
        }
        for (int i = 0; i < KEYS; i++) {
            expect(
                    missing,
                    "key k" + i,
                    acknowledged.getOrDefault("k" + i, 0L),
                    api.get("/v1/kv/drill/k" + i).body());
        }
        for (int node : nodes) {
            String[] values = body(node, "reader.drill.example", "/").split(",", -1);
            for (int i = 0; i < KEYS; i++) {
                expect(
                        missing,
                        "key k" + i + " at " + node,
                        acknowledged.getOrDefault("k" + i, 0L),
                        i < values.length ? values[i] : "");
            }
            String page = body(node, "cached.drill.example", "/page");
            if (!page.matches("[0-9]+") || Long.parseLong(page) < purged) {
                missing.add("page at " + node + ": \"" + page + "\", purged up to " + purged);
            }
        }
        return missing;
    }

    /** A node may have to start a host for the function first. */
    private String body(int node, String host, String path) {
        HttpResponse<String> answer = api.visit(node, host, path);
        for (int i = 0; i < TRIES && (answer == null || answer.statusCode() != 200); i++) {
            Api.sleep(AGAIN);
            answer = api.visit(node, host, path);
        }
        return answer == null ? "no answer" : answer.body();
    }

    private static void expect(List<String> missing, String what, long number, String found) {
        if (!found.equals(Long.toString(number))) {
            missing.add(what + ": \"" + found + "\", acknowledged was " + number);
        }
    }
}
