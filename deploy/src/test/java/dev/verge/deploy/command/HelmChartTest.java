package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import dev.verge.control.ControlPlaneConfig;
import dev.verge.node.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine;

/** The chart, rendered by Helm's own library: what comes out is locked down, fits together, and starts what the program understands. */
class HelmChartTest {
    private static final Path CHART = Path.of("helm/verge").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFAULTS = "{}";
    private static final String EVERYTHING = """
            image: {repository: registry.internal/verge, tag: "1.2.3", pullSecrets: [{name: pull}]}
            controlPlane:
              replicas: 3
              storage: {size: 2Gi, className: fast}
              config: {log: {commits: 200000}, usage: {kept: 60d}}
              tolerations: [{operator: Exists}]
              nodeSelector: {role: control}
              affinity: {podAntiAffinity: {}}
            nodes:
              fingerprint: "%s"
              signingKey: "%s="
              enrolment: {tokensSecret: "", operatorTokenSecret: verge-operator}
              networks: {origins: [10.0.0.0/8], functions: []}
              functions: {memoryBytes: 2GiB, spareHosts: 2, requireLockdown: true}
              config: {trustedProxies: [10.0.0.0/8], accessLog: {format: combined}, region: eu}
              hostPorts: {http: 0, https: 0}
              drainSeconds: 60
              leaveSeconds: 20
              service: {enabled: true, type: LoadBalancer, annotations: {a: b}}
              tolerations: [{operator: Exists}]
              nodeSelector: {role: edge}
              affinity: {nodeAffinity: {}}
            networkPolicy:
              apiFrom: [{namespaceSelector: {}}]
              metricsFrom: [{namespaceSelector: {}}]
            """.formatted("ab".repeat(32), "A".repeat(43));
    private static final String NODES_ONLY = """
            controlPlane: {enabled: false}
            nodes: {controlPlaneUrls: ["https://control.example"]}
            """;

    @TempDir
    private static Path folder;

    static Stream<String> values() {
        return Stream.of(DEFAULTS, EVERYTHING, NODES_ONLY);
    }

    private static List<JsonNode> rendered(String values) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "values", ".yaml"), values);
        String text = new Helm(CHART)
                .template()
                .withName("edge")
                .withNamespace("web")
                .withKubeVersion("1.30.0")
                .withValuesFile(file)
                .call();
        List<JsonNode> documents = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
            if (document != null) {
                documents.add(JSON.valueToTree(document));
            }
        }
        return documents;
    }

    private static List<JsonNode> ofKind(List<JsonNode> documents, String kind) {
        return documents.stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .toList();
    }

    private static List<JsonNode> workloads(List<JsonNode> documents) {
        return Stream.of("StatefulSet", "DaemonSet")
                .flatMap(kind -> ofKind(documents, kind).stream())
                .toList();
    }

    private static JsonNode podOf(JsonNode workload) {
        return workload.path("spec").path("template").path("spec");
    }

    /** Init containers first. */
    private static List<JsonNode> containers(JsonNode pod) {
        return Stream.concat(
                        pod.path("initContainers").valueStream(),
                        pod.path("containers").valueStream())
                .toList();
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    @Test
    void helmItselfHasNothingToSay() {
        LintResult lint = new Helm(CHART).lint().strict().call();
        assertThat(lint.isFailed()).as(String.join("\n", lint.getMessages())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nodes: {enrolment: {tokensSecret: a, operatorTokenSecret: b}}",
                "nodes: {enrolment: {tokensSecret: '', operatorTokenSecret: ''}}",
                "nodes: {controlPlaneUrls: ['http://control.example']}",
                "nodes: {cash: {}}",
                "controlPlane: {replicas: 0}",
                "controlPlane: {database: {url: 'jdbc:mysql://x'}}",
                "nodes: {cache: {memoryBytes: plenty}}",
            })
    void wrongValuesAreRefused(String values) {
        assertThatThrownBy(() -> rendered(values))
                .satisfies(failure ->
                        assertThat(failure.getMessage()).containsAnyOf("set exactly one of tokensSecret", "schema"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void everySettingIsOneThatTheProgramTakes(String values) throws IOException {
        int configs = 0;
        for (JsonNode workload : workloads(rendered(values))) {
            for (JsonNode container : containers(podOf(workload))) {
                List<String> arguments = texts(container.path("args")).stream()
                        .map(word -> word.replace("$(NODE_NAME)", "machine-1"))
                        .toList();
                if (arguments.isEmpty()) {
                    continue;
                }
                CommandLine.ParseResult parsed = Commands.parse(arguments);
                if (!parsed.hasMatchedOption("--config")) {
                    continue;
                }
                configs++;
                Path file = config(rendered(values), podOf(workload), parsed);
                switch (Commands.settings(parsed, file)) {
                    case NodeConfig node -> {
                        assertThat(node.node()).isEqualTo("machine-1");
                        assertThat(node.controlPlane().urls()).allMatch(url -> url.startsWith("https://"));
                        Duration grace = Duration.ofSeconds(podOf(workload)
                                .path("terminationGracePeriodSeconds")
                                .asLong());
                        assertThat(grace).isGreaterThan(node.limits().drain());
                    }
                    case ControlPlaneConfig plane ->
                        assertThat(plane.store().url()).startsWith("jdbc:postgresql:");
                    case Object other -> throw new AssertionError(other);
                }
            }
        }
        assertThat(configs).isEqualTo(values.equals(NODES_ONLY) ? 1 : 2);
    }

    /** The file of the mounted ConfigMap. */
    private static Path config(List<JsonNode> documents, JsonNode pod, CommandLine.ParseResult parsed)
            throws IOException {
        String name = "";
        for (JsonNode volume : pod.path("volumes")) {
            if (volume.has("configMap")) {
                name = volume.path("configMap").path("name").asText();
            }
        }
        Path asked = parsed.matchedOptionValue("--config", Path.of(""));
        for (JsonNode map : ofKind(documents, "ConfigMap")) {
            if (map.path("metadata").path("name").asText().equals(name)) {
                String text = map.path("data")
                        .path(String.valueOf(asked.getFileName()))
                        .asText();
                return Files.writeString(Files.createTempFile(folder, "config", ".yaml"), text);
            }
        }
        throw new AssertionError("no ConfigMap " + name);
    }

    @ParameterizedTest
    @MethodSource("values")
    void nothingHasMoreRightsThanItNeeds(String values) throws IOException {
        List<JsonNode> documents = rendered(values);
        for (JsonNode workload : workloads(documents)) {
            JsonNode pod = podOf(workload);
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.path("hostNetwork").asBoolean()).isFalse();
            assertThat(pod.path("securityContext").path("runAsNonRoot").asBoolean())
                    .isTrue();
            // Function hosts put their own filter of system calls under this one.
            assertThat(pod.path("securityContext")
                            .path("seccompProfile")
                            .path("type")
                            .asText())
                    .isEqualTo("RuntimeDefault");
            for (JsonNode container : containers(pod)) {
                JsonNode security = container.path("securityContext");
                assertThat(security.path("allowPrivilegeEscalation").asBoolean(true))
                        .isFalse();
                assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(texts(security.path("capabilities").path("drop"))).containsExactly("ALL");
                assertThat(container.path("resources").path("limits").has("memory"))
                        .isTrue();
                if (!container.path("name").asText().equals("folder")) {
                    assertThat(security.has("runAsUser")).isFalse();
                    assertThat(security.path("capabilities").has("add")).isFalse();
                }
            }
        }
        for (JsonNode account : ofKind(documents, "ServiceAccount")) {
            assertThat(account.path("automountServiceAccountToken").asBoolean(true))
                    .isFalse();
        }
        assertThat(ofKind(documents, "Role")).isEmpty();
        assertThat(ofKind(documents, "ClusterRole")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("values")
    void whatIsMountedIsThereAndSelectorsMeetTheirPods(String values) throws IOException {
        List<JsonNode> documents = rendered(values);
        for (JsonNode workload : workloads(documents)) {
            JsonNode pod = podOf(workload);
            List<String> volumes = new ArrayList<>();
            pod.path("volumes")
                    .forEach(volume -> volumes.add(volume.path("name").asText()));
            workload.path("spec")
                    .path("volumeClaimTemplates")
                    .forEach(claim ->
                            volumes.add(claim.path("metadata").path("name").asText()));
            assertThat(volumes).doesNotHaveDuplicates();
            for (JsonNode container : containers(pod)) {
                container
                        .path("volumeMounts")
                        .forEach(mount ->
                                assertThat(volumes).contains(mount.path("name").asText()));
            }
            for (JsonNode container : pod.path("containers")) {
                for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                    String port =
                            container.path(probe).path("httpGet").path("port").asText();
                    assertThat(container.path("ports").findValuesAsText("name")).contains(port);
                }
                assertThat(container.path("lifecycle").has("preStop")).isTrue();
            }
            JsonNode labels =
                    workload.path("spec").path("template").path("metadata").path("labels");
            List<JsonNode> selecting = Stream.of("PodDisruptionBudget", "NetworkPolicy")
                    .flatMap(kind -> ofKind(documents, kind).stream())
                    .map(document -> document.path("spec").has("selector")
                            ? document.path("spec").path("selector").path("matchLabels")
                            : document.path("spec").path("podSelector").path("matchLabels"))
                    .filter(selector -> selector.properties().stream()
                            .allMatch(label -> label.getValue().equals(labels.path(label.getKey()))))
                    .toList();
            assertThat(selecting).as("a budget for disruptions and a policy").hasSize(2);
        }
        assertThat(ofKind(documents, "Service"))
                .hasSize(values.equals(EVERYTHING) ? 3 : values.equals(DEFAULTS) ? 2 : 0);
    }
}
