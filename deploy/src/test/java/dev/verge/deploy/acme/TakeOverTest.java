package dev.verge.deploy.acme;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.deploy.Verge;
import dev.verge.node.EdgeNode;
import dev.verge.node.config.NodeConfig;
import dev.verge.sync.binding.Binder;
import io.vertx.core.Future;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes share a store, each a process of its own; the one that works on an order of a certificate is killed. */
final class TakeOverTest {
    private static final String SITE = """
            site: slow
            hosts: [slow.example]
            tls: {certificate: auto}
            pools: {app: {origins: [{url: "http://127.0.0.1:9"}]}}
            """;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private AcmeServer authority;
    private EmbeddedPostgres postgres;
    private @Nullable Process first;
    private @Nullable Process second;
    private @Nullable EdgeNode node;
    private int edgePort;
    private String token = "";

    @BeforeEach
    void start() throws Exception {
        authority = new AcmeServer(() -> edgePort);
        postgres = EmbeddedPostgres.start();
    }

    @AfterEach
    void stop() throws IOException {
        EdgeNode running = node;
        if (running != null) {
            join(running.close());
        }
        end(first);
        end(second);
        http.close();
        authority.close();
        postgres.close();
    }

    private static void end(@Nullable Process process) {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void whoIsLeftGoesOnWithTheOrder() throws Exception {
        authority.holding = true;
        Files.writeString(folder.resolve("ca.pem"), authority.transportAuthority());
        Files.writeString(folder.resolve("eab"), Jws.encode(AcmeServer.EAB_KEY));
        int one = free();
        int two = free();
        Process working = start("one", one);
        first = working;
        await("the first control plane", () -> ready(one));
        token = Files.readString(folder.resolve("one/admin-token")).strip();
        String nodeToken = call(one, "POST", "/v1/node-tokens", "{\"node\": \"n\"}")
                .path("token")
                .textValue();
        EdgeNode running = join(EdgeNode.start(Binder.standard()
                .bindText("""
                        node: n
                        warmUp: 0s
                        http: {listen: "127.0.0.1:0"}
                        https: {listen: "127.0.0.1:0"}
                        admin: {listen: "127.0.0.1:0"}
                        controlPlane: {urls: ["http://127.0.0.1:%d", "http://127.0.0.1:%d"], token: "%s"}
                        data: "%s"
                        cache: {memoryBytes: 64MiB, diskBytes: 512MiB}
                        functions: {spareHosts: 0}
                        """.formatted(one, two, nodeToken, folder.resolve("node")), NodeConfig.class)
                .orThrow()));
        node = running;
        edgePort = running.httpPort();
        call(one, "PUT", "/v1/sites/slow", SITE);
        await("the challenge", () -> authority.challenged.contains("slow.example"));

        Files.createDirectories(folder.resolve("two"));
        Files.copy(folder.resolve("one/secret-key"), folder.resolve("two/secret-key"));
        second = start("two", two);
        await("the second control plane", () -> ready(two));
        assertThat(state(two)).isEqualTo("ordering");
        working.destroyForcibly().waitFor();
        silent();
        authority.holding = false;
        await("the certificate", () -> state(two).equals("issued"));
        assertThat(authority.ordered).containsOnlyOnce(List.of("slow.example"));
        assertThat(authority.issued).hasSize(1);
    }

    /** Makes the silence after which a control plane counts as dead be over at once. */
    private void silent() throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(
                            "UPDATE replica SET seen_at = 0 WHERE id = (SELECT replica FROM acme_site)"))
                    .isEqualTo(1);
        }
    }

    private static int free() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }

    private Process start(String name, int port) throws IOException {
        Path config = Files.writeString(folder.resolve(name + ".yaml"), """
                listen: "127.0.0.1:%d"
                data: "%s"
                functions: {spareHosts: 0}
                store: {url: "%s", user: postgres}
                acme: {directory: "%s", termsAgreed: true, caFile: "%s", eabKeyId: %s, eabKeyFile: "%s"}
                """.formatted(
                        port,
                        folder.resolve(name),
                        "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres",
                        authority.directory(),
                        folder.resolve("ca.pem"),
                        AcmeServer.EAB_KEY_ID,
                        folder.resolve("eab")));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Verge.class.getName(),
                        "control-plane",
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
    }

    private boolean ready(int port) {
        try {
            return send(port, "GET", "/readyz", "").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String state(int port) {
        try {
            return call(port, "GET", "/v1/sites/slow/status", "")
                    .path("certificate")
                    .path("state")
                    .asText();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode call(int port, String method, String path, String body) throws IOException {
        HttpResponse<String> answer = send(port, method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return Jws.JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(int port, String method, String path, String body) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", body.startsWith("site:") ? "application/yaml" : "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
