package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of metrics in the README is what a node shows. */
class MetricsTableTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(verge_[a-z0-9_]+)` \\| (\\w+) \\| ([a-z, ]*) ?\\| (.*) \\|$");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (verge_[a-z0-9_]+) (\\w+)$");
    /** Metrics that are there from their first event on say so. */
    private static final String LATER = "from the first on";

    @Test
    void everyMetricOfANodeIsInTheTableAndTheOtherWayRound(@TempDir Path data) throws Exception {
        Map<String, String> documented = new TreeMap<>();
        Map<String, String> later = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("README.md"))).results().forEach(row -> {
            boolean always = !row.group(4).endsWith(LATER);
            (always ? documented : later).put(row.group(1), row.group(2));
        });
        try (Installation installation = new Installation(data, "functions: {spareHosts: 0}");
                TextOrigin origin = new TextOrigin(installation.vertx)) {
            installation.publish("""
                    site: shop
                    hosts: [127.0.0.1]
                    pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                    """.formatted(origin.port()));
            assertThat(installation.get("/").statusCode()).isEqualTo(404);
            assertThat(RawClient.get(installation.node().httpPort(), "elsewhere.example", "/")
                            .status())
                    .isEqualTo(421);
            assertThat(RawClient.get(installation.node().httpPort(), "127.0.0.1", "/", "Bad Name: x")
                            .status())
                    .isEqualTo(400);
            String metrics = installation
                    .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                    .body();
            Map<String, String> shown = new TreeMap<>();
            TYPE.matcher(metrics).results().forEach(type -> {
                // Micrometer gives the largest recent value of each timer as a gauge of its own.
                if (!type.group(1).endsWith("_seconds_max")) {
                    shown.put(type.group(1), type.group(2));
                }
            });
            assertThat(shown).containsAllEntriesOf(documented);
            documented.putAll(later);
            assertThat(documented).containsAllEntriesOf(shown);
            assertThat(shown).containsKeys("verge_errors_total", "verge_requests_refused_total");
        }
    }
}
