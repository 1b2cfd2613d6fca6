package dev.verge.deploy.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Dashboard and alert rules speak of metrics that there are; other tests hold the tables of metrics against running servers. */
class ObservabilityTest {
    private static final Path FILES = Path.of("observability");
    private static final Pattern NAME = Pattern.compile("\\bverge_[a-z0-9_]+");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(verge_[a-z0-9_]+)` \\| (\\w+) \\|");

    /** Every series of every metric in the tables. */
    private static Set<String> series() throws IOException {
        Set<String> series = new TreeSet<>();
        for (String readme : List.of("../edge-node/README.md", "../control-plane/README.md")) {
            ROW.matcher(Files.readString(Path.of(readme))).results().forEach(row -> {
                String name = row.group(1);
                switch (row.group(2)) {
                    case "histogram" -> series.addAll(List.of(name + "_bucket", name + "_count", name + "_sum"));
                    case "summary" -> series.addAll(List.of(name + "_count", name + "_sum", name + "_max"));
                    default -> series.add(name);
                }
            });
        }
        return series;
    }

    private static Set<String> namesIn(String text) {
        return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theDashboardShowsOnlyMetricsThatThereAre() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(FILES.resolve("grafana-dashboard.json").toFile());
        StringBuilder expressions = new StringBuilder();
        dashboard
                .findValuesAsText("expr")
                .forEach(expression -> expressions.append(expression).append('\n'));
        assertThat(namesIn(expressions.toString())).hasSizeGreaterThan(30).isSubsetOf(series());
        assertThat(dashboard.findValues("gridPos"))
                .hasSize(dashboard.get("panels").size());
    }

    @Test
    void theAlertsAskOnlyForMetricsThatThereAre() throws IOException {
        assertThat(namesIn(Files.readString(FILES.resolve("alerts.yaml"))))
                .hasSizeGreaterThan(10)
                .isSubsetOf(series());
    }
}
