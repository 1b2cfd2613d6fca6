package dev.verge.deploy.command;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.ControlPlaneConfig;
import dev.verge.control.resource.AccountLimits;
import dev.verge.node.config.NodeConfig;
import dev.verge.sync.binding.DurationText;
import dev.verge.sync.binding.ReferenceTable;
import dev.verge.sync.binding.SizeText;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.document.SiteDocument;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every figure of the page of limits is the declared default or maximum of a setting, or a constant; every limit stands there. */
class LimitsPageTest {
    private static final Path PAGE = Path.of("docs", "limits.md");
    private static final Pattern SECTION = Pattern.compile("(?ms)^## ([^\\n]+)\\n(.*?)(?=^## |\\z)");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([^|]+) \\| (?:`([^`|]+)`|\\*fixed\\*) \\| ([^|]+) \\| ([^|]+) \\|");
    private static final Pattern DECLARED =
            Pattern.compile("(?m)^\\| `([^`]+)` \\| .* \\| (`[^`]*`|off|required) \\| ((?:[^|]|\\\\\\|)*) \\|$");
    private static final Pattern MOST = Pattern.compile("(?:\\bto|at most) ([0-9][0-9A-Za-z]*)");

    private static final Map<String, Class<?>> DOCUMENTS = Map.of(
            "A function", FunctionManifest.class,
            "Functions at a node", NodeConfig.class,
            "A request", NodeConfig.class,
            "A site and its origins", SiteDocument.class,
            "An account", AccountLimits.class,
            "The control plane", ControlPlaneConfig.class);

    /** Settings that all stand on the page. */
    private static final Map<Class<?>, Pattern> WHOLE = Map.of(
            FunctionManifest.class, Pattern.compile("limits\\..*"),
            NodeConfig.class, Pattern.compile("limits\\..*"),
            SiteDocument.class, Pattern.compile("pools\\.NAME\\.limits\\..*"),
            AccountLimits.class, Pattern.compile("quotas\\..*"),
            ControlPlaneConfig.class, Pattern.compile("(limits|kv)\\..*"));

    /** Where each fixed figure stands in the code. */
    private static final Map<String, String> FIXED = Map.ofEntries(
            entry("modules", "dev.verge.sandbox.FunctionBundle.MAX_MODULES"),
            entry("secrets", "dev.verge.sync.log.Deployed.MAX_SECRETS"),
            entry("characters of a secret", "dev.verge.sync.log.Secret.MAX_LENGTH"),
            entry("calls through bindings within one another", "dev.verge.node.pipeline.FunctionRun.MAX_DEPTH"),
            entry("schedules", "dev.verge.control.schedule.ScheduleRoutes.MOST_SCHEDULES"),
            entry("ranges of a request", "dev.verge.cache.serve.RangeSet.MAX_RANGES"),
            entry("values of a document, aliases copied out", "dev.verge.sync.binding.YamlTree.MAX_NODES"),
            entry("levels of a document", "dev.verge.sync.binding.DocumentText.MAX_DEPTH"),
            entry("variants of a URL", "dev.verge.cache.store.TieredCache.MAX_VARIANTS"),
            entry("tags of a response", "dev.verge.cache.decision.CacheTags.MAX_TAGS"),
            entry("URLs of a warm-up", "dev.verge.sync.order.WarmupOrder.MOST_URLS"),
            entry("bytes of a key", "dev.verge.sync.log.KvEntry.MAX_KEY_BYTES"),
            entry("value of a key", "dev.verge.sync.log.KvEntry.MAX_BYTES"),
            entry("bytes of a value's metadata as JSON", "dev.verge.sync.log.KvEntry.MAX_METADATA_BYTES"),
            entry("values above 64 KiB under way", "dev.verge.control.kv.Arrivals.MOST"),
            entry("those of an account", "dev.verge.control.kv.Arrivals.MOST_OF_ACCOUNT"),
            entry("those of functions of a node", "dev.verge.sync.server.KvAnswers.MAX_UPLOADS"),
            entry("those of functions of a node and an account", "dev.verge.sync.client.KvAsks.MAX_UPLOADS_OF_ACCOUNT"),
            entry("time for one of a function", "dev.verge.sync.server.KvAnswers.UPLOAD_PATIENCE"),
            entry("load of nodes kept", "dev.verge.control.report.LoadTable.KEPT"),
            entry("outages of origins kept", "dev.verge.control.report.OutageTable.KEPT"),
            entry("certificates of an account", "dev.verge.control.certificate.CertificateRoutes.MOST_OF_AN_ACCOUNT"),
            entry("callers that watch traffic", "dev.verge.control.usage.TrafficRoute.MOST_WATCHERS"),
            entry("callers that watch nodes; origins: as many", "dev.verge.control.api.WatchedAnswers.MOST_WATCHERS"),
            entry("functions and sites whose logs are watched", "dev.verge.sync.server.Tails.MAX_FUNCTIONS"),
            entry("time of one watching call", "dev.verge.control.api.EventWriter.LONGEST"),
            entry("groups of a rollout", "dev.verge.control.site.Staging.MOST_GROUPS"));

    /** @param setting its place in the document; null: none changes it */
    private record Row(
            String section, String what, @Nullable String setting, String usual, String most) {}

    private record Declared(String usual, String most) {}

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (MatchResult section :
                SECTION.matcher(Files.readString(PAGE)).results().toList()) {
            for (MatchResult row : ROW.matcher(section.group(2)).results().toList()) {
                rows.add(new Row(section.group(1), row.group(1), row.group(2), row.group(3), row.group(4)));
            }
        }
        return rows;
    }

    /** Defaults and maxima as declared, in the page's words: a dash where there is none. */
    private static Map<String, Declared> declared(Class<?> document) {
        Map<String, Declared> settings = new HashMap<>();
        DECLARED.matcher(ReferenceTable.markdown(document)).results().forEach(line -> {
            String usual = line.group(2).replace("`", "");
            List<MatchResult> most = MOST.matcher(line.group(3)).results().toList();
            settings.put(
                    line.group(1),
                    new Declared(
                            Set.of("required", "[]", "{}").contains(usual) ? "–" : usual,
                            most.isEmpty() ? "–" : most.getFirst().group(1)));
        });
        return settings;
    }

    @Test
    void everySettingHasTheFiguresOfItsDeclaration() throws IOException {
        Set<String> wrong = new HashSet<>();
        Map<Class<?>, Set<String>> seen = new HashMap<>();
        for (Row row : rows()) {
            if (row.setting() == null) {
                continue;
            }
            Class<?> document = Objects.requireNonNull(DOCUMENTS.get(row.section()), row.section());
            Declared written = new Declared(row.usual(), row.most());
            Declared right = declared(document).get(row.setting());
            if (!written.equals(right)) {
                wrong.add(row + " but declared is " + right);
            }
            seen.computeIfAbsent(document, any -> new HashSet<>()).add(row.setting());
        }
        assertThat(wrong).isEmpty();
        WHOLE.forEach((document, wanted) -> assertThat(seen.get(document))
                .containsAll(declared(document).keySet().stream()
                        .filter(wanted.asMatchPredicate())
                        .toList()));
    }

    @Test
    void everyFixedFigureIsAConstantOfTheCode() throws Exception {
        Map<String, String> written = new HashMap<>();
        for (Row row : rows()) {
            if (row.setting() == null) {
                written.put(row.what(), row.usual());
            }
        }
        Map<String, String> right = new HashMap<>();
        for (Map.Entry<String, String> fixed : FIXED.entrySet()) {
            right.put(fixed.getKey(), shown(fixed.getKey(), constant(fixed.getValue())));
        }
        assertThat(written).isEqualTo(right);
    }

    private static Object constant(String place) throws ReflectiveOperationException {
        int dot = place.lastIndexOf('.');
        Field field = Class.forName(place.substring(0, dot)).getDeclaredField(place.substring(dot + 1));
        field.setAccessible(true);
        return field.get(null);
    }

    private static String shown(String what, Object constant) {
        return constant instanceof Duration time
                ? DurationText.format(time)
                : what.equals("value of a key") ? SizeText.format((Integer) constant) : constant.toString();
    }
}
