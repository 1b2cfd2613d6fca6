package dev.verge.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Parts die one after the other; what is left keeps its promises. Nothing restarts by itself here. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FailureDrillIT {
    private static final int IN_FLIGHT = 200;

    @TempDir
    private static Path data;

    private static Platform platform;
    private static @Nullable Process lonelyNode;

    @BeforeAll
    static void start() throws IOException {
        platform = Platform.start(data, "--no-restart");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (lonelyNode != null) {
            lonelyNode.destroy();
            if (!lonelyNode.waitFor(15, TimeUnit.SECONDS)) {
                lonelyNode.destroyForcibly();
            }
        }
        if (platform != null) {
            platform.close();
        }
    }

    private static void kill(String part) {
        ProcessHandle process = platform.part(part);
        process.destroyForcibly();
        Await.until(part + " dead", Duration.ofSeconds(5), () -> !process.isAlive());
    }

    @Test
    @Order(1)
    void oneOriginKilledWithTwoHundredRequestsInFlightFailsNone() throws IOException {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < IN_FLIGHT; i++) {
            HttpRequest slow = HttpRequest.newBuilder(platform.edge("/slow?ms=1500&request=" + i))
                    .timeout(Duration.ofSeconds(30))
                    .build();
            answers.add(platform.http().sendAsync(slow, BodyHandlers.ofString()));
        }
        Await.until(
                "both origins hold requests",
                Duration.ofSeconds(10),
                () -> metric("verge_origin_active", platform.ports().origins()) > 0
                        && metric("verge_origin_active", platform.ports().origins() + 1) > 0);
        kill("origin-1");

        List<Integer> statuses =
                answers.stream().map(answer -> answer.join().statusCode()).toList();
        assertThat(statuses).hasSize(IN_FLIGHT).containsOnly(200);
    }

    @Test
    @Order(2)
    void bothOriginsKilledGivesAClearErrorButCachedPagesStay() throws IOException {
        HttpResponse<String> cached = platform.get(platform.edge("/"));
        assertThat(cached.statusCode()).isEqualTo(200);
        kill("origin-0");

        HttpResponse<String> gone = platform.send(HttpRequest.newBuilder(platform.edge("/api/products?never=seen"))
                .header("Accept", "text/html")
                .build());
        assertThat(gone.statusCode()).isIn(502, 503);
        assertThat(gone.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(gone.headers().firstValue("Proxy-Status").orElse("")).startsWith("verge");
        String requestId = gone.headers().firstValue("X-Request-Id").orElseThrow();
        assertThat(gone.body()).contains(requestId).doesNotContain("127.0.0.1").doesNotContain("Exception");

        assertThat(platform.get(platform.edge("/")).body()).isEqualTo(cached.body());
    }

    @Test
    @Order(3)
    void nodeKeepsServingWithoutTheControlPlaneAndRestartsFromDisk() throws IOException {
        kill("control-plane");
        assertThat(platform.get(platform.edge("/")).statusCode()).isEqualTo(200);
        assertThat(platform.get(platform.edge("/hello")).statusCode()).isEqualTo(200);

        kill("node-0");
        Path log = data.resolve("lonely-node.log");
        Process node = new ProcessBuilder(
                        Platform.command().toString(),
                        "node",
                        "--config",
                        data.resolve("node-0.yaml").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        lonelyNode = node;
        Await.until("the node serves from its own disk", Duration.ofSeconds(30), () -> {
            if (!node.isAlive()) {
                throw new IllegalStateException(Files.readString(log));
            }
            return platform.get(platform.edge("/")).statusCode() == 200;
        });
        assertThat(platform.get(platform.edge("/"))
                        .headers()
                        .firstValue("Cache-Status")
                        .orElse(""))
                .startsWith("verge; hit");
        Await.until(
                "the node is ready without a control plane",
                Duration.ofSeconds(30),
                () -> platform.get(platform.admin("/readyz")).statusCode() == 200);
        assertThat(platform.get(platform.edge("/hello")).statusCode()).isEqualTo(200);
        assertThat(platform.get(platform.admin("/readyz")).body()).contains("behind");
    }

    /** The value of a gauge whose labels name that origin port, or 0. */
    private static double metric(String name, int originPort) throws IOException {
        return platform.get(platform.admin("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(":" + originPort))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
