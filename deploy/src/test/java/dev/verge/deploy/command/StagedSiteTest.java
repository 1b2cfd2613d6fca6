package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.ControlPlane;
import dev.verge.control.ControlPlaneConfig;
import dev.verge.node.EdgeNode;
import dev.verge.node.config.NodeConfig;
import dev.verge.sync.binding.Binder;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A document that goes to some nodes first: commands, control plane and two nodes, each over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StagedSiteTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private Path folder;
    private Map<String, String> variables = Map.of();
    private ControlPlane controlPlane;
    private EdgeNode canary;
    private EdgeNode usual;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        folder = data;
        controlPlane = join(ControlPlane.start(Binder.standard()
                .bindText("""
                        listen: "127.0.0.1:0"
                        data: "%s"
                        functions: {spareHosts: 0}
                        """.formatted(folder.resolve("control")), ControlPlaneConfig.class)
                .orThrow()));
        variables = Map.of(
                "VERGE_API",
                "http://127.0.0.1:" + controlPlane.port(),
                "VERGE_TOKEN",
                Files.readString(folder.resolve("control/admin-token")).strip(),
                "XDG_CONFIG_HOME",
                folder.resolve("config").toString());
        canary = node("edge-1", "--groups", "canary");
        usual = node("edge-2");
    }

    @AfterAll
    void stop() {
        join(usual.close());
        join(canary.close());
        join(controlPlane.close());
        http.close();
    }

    private EdgeNode node(String name, String... groups) {
        String[] words = new String[3 + groups.length];
        words[0] = "node-token";
        words[1] = name;
        words[2] = "--json";
        System.arraycopy(groups, 0, words, 3, groups.length);
        return join(EdgeNode.start(Binder.standard()
                .bindText(
                        """
                        node: %s
                        warmUp: 0s
                        http: {listen: "127.0.0.1:0"}
                        https: {listen: "127.0.0.1:0"}
                        admin: {listen: "127.0.0.1:0"}
                        controlPlane: {urls: ["http://127.0.0.1:%d"], token: "%s"}
                        data: "%s"
                        cache: {memoryBytes: 64MiB, diskBytes: 512MiB}
                        functions: {spareHosts: 0}
                        """.formatted(
                                name,
                                controlPlane.port(),
                                new JsonArray(succeed(words)).getJsonObject(0).getString("token"),
                                folder.resolve(name)),
                        NodeConfig.class)
                .orThrow()));
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private String succeed(String... words) {
        Said said = Said.by(variables, folder, "", words);
        assertThat(said.exit()).as(said.toString()).isZero();
        return said.out();
    }

    private String apply(String body, String... options) throws IOException {
        Path file = folder.resolve("shop.yaml");
        Files.writeString(file, """
                site: shop
                hosts: [127.0.0.1]
                rules: [{name: all, do: [{respond: {status: 200, body: %s}}]}]
                """.formatted(body));
        String[] words = new String[3 + options.length];
        words[0] = "apply";
        words[1] = "-f";
        words[2] = file.toString();
        System.arraycopy(options, 0, words, 3, options.length);
        return succeed(words);
    }

    private void awaitBodies(String atCanary, String atUsual) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!body(canary).equals(atCanary) || !body(usual).equals(atUsual)) {
            assertThat(System.nanoTime())
                    .as("%s and %s, wanted %s and %s", body(canary), body(usual), atCanary, atUsual)
                    .isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private String body(EdgeNode node) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void aDocumentIsTriedAtTheNodesOfAGroupAndThenTakenBackOrGivenToAll() throws Exception {
        apply("one");
        awaitBodies("one", "one");

        assertThat(apply("two", "--groups", "canary"))
                .contains("rollout: staged, first at the nodes of canary", "waits for verge rollout continue --site");
        awaitBodies("two", "one");
        assertThat(succeed("rollout", "show", "--site", "shop")).contains("to: version 2", "from: version 1");
        assertThat(succeed("rollout", "abort", "--site", "shop")).contains("rollout: aborted");
        awaitBodies("one", "one");

        apply("three", "--groups", "canary", "--pause", "manual");
        awaitBodies("three", "one");
        assertThat(succeed("rollout", "continue", "--site", "shop")).contains("rollout: done");
        awaitBodies("three", "three");

        apply("four", "--groups", "canary", "--pause", "1s");
        awaitBodies("four", "four");
    }
}
