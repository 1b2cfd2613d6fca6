package dev.verge.node;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A node before an origin with large objects, and what tests of ranges ask of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SlicedSite {
    static final int SLICE = 1 << 20;
    static final long TEN_GIB = 10L << 30;
    static final String SLICE_0 = "bytes=0-1048575";

    final Vertx vertx = Vertx.vertx();
    ObjectOrigin origin;
    Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        origin = new ObjectOrigin(vertx);
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
        Installation.await(vertx.close());
    }

    @BeforeEach
    void reset() {
        origin.forgetRequests();
    }

    HttpResponse<byte[]> range(String path, String range, String... more) {
        HttpRequest.Builder request = installation.request(path, more).header("range", "bytes=" + range);
        try {
            return installation.client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static String field(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** Waits until what was begun is stored. */
    void settle() {
        Installation.until("fills to end", () -> metric("verge_cache_fills_active") == 0);
    }

    double metric(String name) {
        try {
            String metrics = installation
                    .client
                    .send(
                            HttpRequest.newBuilder(installation.admin("/metrics"))
                                    .build(),
                            BodyHandlers.ofString(StandardCharsets.UTF_8))
                    .body();
            return metrics.lines()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
