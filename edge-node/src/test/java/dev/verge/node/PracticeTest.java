package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PracticeTest {
    @TempDir
    Path data;

    @Test
    void everyWayToAskIsAnsweredAndNothingIsLeft() throws IOException {
        try (Installation installation = new Installation(data, "")) {
            Files.createDirectories(data.resolve("practice-of-a-killed-one/cache"));
            Practice practice = Practice.begin(data, Duration.ofSeconds(60), () -> 0);
            Installation.until(
                    "every visit of every way", () -> practice.count().answers() > 300);
            practice.close();
            assertThat(practice.over().await().failures()).isZero();
            assertThat(left()).isEmpty();
            assertThat(admin(installation, "/metrics").body().lines())
                    .filteredOn(line -> line.startsWith("verge_requests_total{"))
                    .as("what is practised is nobody's traffic")
                    .isNotEmpty()
                    .allMatch(line -> line.endsWith(" 0.0"));
        }
    }

    @Test
    void whoIsServedGoesBefore() {
        AtomicInteger looks = new AtomicInteger();
        AtomicBoolean served = new AtomicBoolean(true);
        Practice practice = Practice.begin(data, Duration.ofSeconds(60), () -> {
            looks.incrementAndGet();
            return served.get() ? 1 : 0;
        });
        Installation.until("every visitor waits", () -> looks.get() > 100);
        assertThat(practice.count().answers()).isZero();
        served.set(false);
        Installation.until("it goes on", () -> practice.count().answers() > 100);
        practice.close();
    }

    @Test
    void aNodeServesWhileItPractisesAndIsReadyAfterwards() throws IOException {
        try (Installation installation = new Installation(data, "warmUp: 60s")) {
            assertThat(admin(installation, "/healthz").statusCode()).isEqualTo(200);
            var asked = admin(installation, "/readyz");
            assertThat(asked.statusCode()).isEqualTo(503);
            assertThat(new JsonObject(asked.body()).getBoolean("warm")).isFalse();
            assertThat(installation.get("/").statusCode()).as("of no site").isEqualTo(421);
        }
        assertThat(left()).as("of a practice that was cut short").isEmpty();
    }

    @Test
    void aNodeIsReadyAfterItsPractice() {
        try (Installation installation = new Installation(data, "warmUp: 300ms")) {
            Installation.until("ready", () -> admin(installation, "/readyz").statusCode() == 200);
            assertThat(new JsonObject(admin(installation, "/readyz").body()).getBoolean("warm"))
                    .isTrue();
        }
    }

    private static HttpResponse<String> admin(Installation installation, String path) {
        return installation.send(
                HttpRequest.newBuilder(installation.admin(path)).build());
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> all = Files.list(data)) {
            return all.filter(each -> each.getFileName().toString().startsWith("practice"))
                    .toList();
        }
    }
}
