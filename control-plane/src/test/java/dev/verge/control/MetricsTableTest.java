package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.acme.AcmeSettings;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.sync.nats.NatsSettings;
import dev.verge.sync.nats.StreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of metrics in the README is what a control plane shows that has all that there is. */
final class MetricsTableTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(verge_[a-z0-9_]+)` \\| (\\w+) \\| ([a-z, ]*) ?\\| (.*) \\|$");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (verge_[a-z0-9_]+) (\\w+)$");
    private static final String LATER = "from the first on";

    /** Nobody listens there. */
    private static final String NOWHERE = "127.0.0.1:9";

    @Test
    void everyMetricIsInTheTableAndTheOtherWayRound(@TempDir Path data) throws IOException {
        Map<String, String> always = new TreeMap<>();
        Map<String, String> later = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("README.md")))
                .results()
                .forEach(row -> (row.group(4).endsWith(LATER) ? later : always).put(row.group(1), row.group(2)));
        Map<String, String> shown = new TreeMap<>();
        try (RunningControlPlane api = RunningControlPlane.start(everything(data), Clock.systemUTC())) {
            api.call("GET", "/v1/whoami").send().expect(200);
            TYPE.matcher(api.anonymous("GET", "/metrics").send().expect(200).text())
                    .results()
                    .filter(type -> !type.group(1).startsWith("verge_function_")
                            && !type.group(1).endsWith("_seconds_max"))
                    .forEach(type -> shown.put(type.group(1), type.group(2)));
        }
        assertThat(shown).containsAllEntriesOf(always).containsKeys("verge_nats_connected", "verge_api_calls_seconds");
        always.putAll(later);
        assertThat(always).containsAllEntriesOf(shown);
    }

    private static ControlPlaneConfig everything(Path data) {
        ControlPlaneConfig plain = RunningControlPlane.config(data, ApiLimits.defaults(), LogRetention.defaults(), 0);
        return new ControlPlaneConfig(
                plain.listen(),
                plain.data(),
                plain.store(),
                plain.adminTokenFile(),
                plain.secretKeyFile(),
                plain.limits(),
                plain.log(),
                plain.functions(),
                plain.kv(),
                plain.usage(),
                new AcmeSettings("https://" + NOWHERE + "/directory", true, List.of(), null, null, null, 50),
                new SyncSettings(
                        new NatsSettings(List.of("nats://" + NOWHERE), null, null, "verge"),
                        StreamSettings.defaults(),
                        Duration.ofMinutes(5)),
                plain.tls());
    }
}
