package dev.verge.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

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
        put("/v1/functions/hello?activate=false", "application/javascript", """
                // Greets in the visitor's language; what it answers may be cached.
                const GREETINGS = { de: "Guten Tag", en: "Good day", fr: "Bonjour" };

                export default {
                  async fetch(request, env) {
                    const wanted = request.headers.get("accept-language") ?? "en";
                    const language = Object.keys(GREETINGS).find((one) => wanted.startsWith(one)) ?? "en";
                    console.log("greets in", language, "from", request.verge.country);
                    return new Response(`${GREETINGS[language]} from ${env.MODE}`, {
                      headers: { "cache-control": "max-age=60", vary: "accept-language" },
                    });
                  },
                };
                """);
    }

    /** Asks the node for pages, some of them again and again, until it is closed. None is a function's, which may be slow at first. */
    AutoCloseable visitors() {
        AtomicBoolean leaving = new AtomicBoolean();
        Thread visitor = Thread.ofVirtual().name("visitors").start(() -> {
            for (int i = 0; !leaving.get(); i++) {
                try {
                    platform.get(platform.edge(i % 3 == 0 ? "/api/products?n=" + i : "/"));
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

    /** A certificate and its key, as PEM. */
    record Certificate(String chain, String key) {}

    /** One of its own, by the JDK's tool. */
    static Certificate certificate(Path folder, String host, int days) throws IOException {
        Path store = folder.resolve("certificate.p12");
        Path said = folder.resolve("keytool.log");
        List<String> keytool = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair -keyalg EC -alias one -storepass secret",
                "-validity " + days,
                "-dname CN=" + host,
                "-ext SAN=DNS:" + host,
                "-keystore " + store);
        try {
            int code = new ProcessBuilder(keytool.stream()
                            .flatMap(part -> Stream.of(part.split(" ", -1)))
                            .toList())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start()
                    .waitFor();
            assertThat(code).as(Files.readString(said)).isZero();
            char[] password = "secret".toCharArray();
            KeyStore keys = KeyStore.getInstance(store.toFile(), password);
            return new Certificate(
                    pem("CERTIFICATE", keys.getCertificate("one").getEncoded()),
                    pem("PRIVATE KEY", keys.getKey("one", password).getEncoded()));
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + kind + "-----\n";
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
