package dev.verge.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** What the console's pages show in tests, made over the API. */
final class ConsoleSeed {
    /** Between two requests of a visitor. */
    private static final Duration PACE = Duration.ofMillis(40);

    private final Platform platform;

    ConsoleSeed(Platform platform) {
        this.platform = platform;
    }

    /** Something of each kind, so that no page is empty. */
    void everything() throws IOException {
        put("/v1/kv/prefs/theme", "application/octet-stream", "dark");
        put("/v1/sites/shop", "application/yaml", site("shop", "shop.example"));
        put("/v1/functions/hello/vars", "application/json", "{\"MODE\": \"live\"}");
        put("/v1/functions/hello/schedules", "application/json", "[\"*/5 * * * *\"]");
        put(
                "/v1/functions/hello?activate=false",
                "application/javascript",
                "export default { fetch() { return new Response('two'); } };\n");
    }

    /** Asks the node for pages, some of them again and again, until it is closed. */
    AutoCloseable visitors() {
        AtomicBoolean leaving = new AtomicBoolean();
        Thread visitor = Thread.ofVirtual().name("visitors").start(() -> {
            for (int i = 0; !leaving.get(); i++) {
                try {
                    platform.get(platform.edge(i % 5 == 0 ? "/api/products?n=" + i : i % 5 == 1 ? "/hello" : "/"));
                } catch (IOException gone) {
                    leaving.set(true);
                }
                LockSupport.parkNanos(PACE.toNanos());
            }
        });
        return () -> {
            leaving.set(true);
            visitor.join();
        };
    }

    String site(String name, String host) {
        return "site: " + name + "\nhosts: [" + host + "]\npools:\n  app:\n    origins:\n      - {url: \""
                + platform.origin(0, "") + "\"}\n";
    }

    void put(String path, String type, String body) throws IOException {
        var answer = platform.send(platform.call(path)
                .header("Content-Type", type)
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isIn(200, 201);
    }

    void post(String path, String json) throws IOException {
        var answer = platform.send(platform.call(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isIn(200, 201);
    }
}
