package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.verge.control.ControlPlaneConfig;
import dev.verge.node.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine;

/** What the image and the compose file start, read and mount is there and is understood by the program; no container engine is needed. */
class ContainerFilesTest {
    private static final Path FILES = Path.of("docker");
    private static final String PROGRAM = "/opt/verge/bin/verge";
    private static final Pattern SECRET = Pattern.compile("/run/secrets/([a-z-]+)");

    /** Instructions, continued lines joined, comments left out. */
    private static List<String> instructions() throws IOException {
        List<String> instructions = new ArrayList<>();
        String text = Files.readString(FILES.resolve("Dockerfile"))
                .replaceAll("(?m)^\\s*#.*\\R", "")
                .replaceAll("\\\\\\R\\s*", " ");
        text.lines().filter(line -> !line.isBlank()).map(String::strip).forEach(instructions::add);
        return instructions;
    }

    /** Those of the image that is kept: behind the last FROM. */
    private static List<String> image(String keyword) throws IOException {
        List<String> all = instructions();
        int last = 0;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).startsWith("FROM ")) {
                last = i;
            }
        }
        return all.subList(last, all.size()).stream()
                .filter(line -> line.startsWith(keyword + " "))
                .map(line -> line.substring(keyword.length() + 1))
                .toList();
    }

    private static List<String> words(String json) throws IOException {
        JsonNode list = new ObjectMapper().readTree(json);
        assertThat(list.isArray()).as("exec form: " + json).isTrue();
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.asText()));
        return words;
    }

    private static JsonNode compose() throws IOException {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        Object file = yaml.load(Files.readString(FILES.resolve("compose.yaml")));
        return new ObjectMapper().valueToTree(file);
    }

    private static JsonNode service(String name) throws IOException {
        return compose().path("services").path(name);
    }

    static List<String> ours() throws IOException {
        return compose().path("services").properties().stream()
                .filter(service -> service.getValue().path("image").asText().startsWith("verge:"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Texts of a list, none where there is no list. */
    private static List<String> list(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    @Test
    void theImageRunsWithoutRootAndAsTheProgramItself() throws IOException {
        assertThat(image("USER")).singleElement().asString().matches("[1-9]\\d*:[1-9]\\d*");
        List<String> start = new ArrayList<>(words(image("ENTRYPOINT").getLast()));
        assertThat(start).containsExactly(PROGRAM);
        assertThat(words(image("CMD").getLast())).containsExactly("--help");
        String health = image("HEALTHCHECK").getLast();
        List<String> probe = words(health.substring(health.indexOf('[')));
        assertThat(probe.getFirst()).isEqualTo(PROGRAM);
        assertThat(Commands.parse(probe.subList(1, probe.size())).commandSpec().name())
                .isEqualTo("health");
        // The launcher hands its process over, or signals would end at a shell.
        assertThat(Files.readString(Path.of("src/main/dist/bin/verge"))).contains("exec \"$java_home/bin/java\"");
        assertThat(words(image("VOLUME").getLast())).containsExactly("/var/lib/verge");
    }

    @Test
    void everythingThatTheImageIsMadeOfIsThere() throws IOException {
        String made = String.join("\n", instructions());
        for (String script : List.of("deploy/src/build/runtime.sh", "deploy/src/build/train.sh")) {
            assertThat(made).contains("sh " + script);
            assertThat(Path.of("..").resolve(script)).exists();
        }
        // The one folder that the assembly makes; its launcher takes the runtime that is linked into it.
        assertThat(Files.readString(Path.of("pom.xml"))).contains("<finalName>verge</finalName>");
        assertThat(image("COPY")).containsExactly("--from=build /src/deploy/target/verge /opt/verge");
        assertThat(made).contains(" deploy/target/verge/java ");
        assertThat(Files.readString(Path.of("src/main/dist/bin/verge"))).contains("\"$VERGE_HOME/java/bin/java\"");
        // What must not get into it.
        assertThat(Files.readString(Path.of("../.dockerignore")).lines())
                .contains("**/target", "**/data", ".git", "deploy/docker/secrets");
    }

    @Test
    void imagesAreNamedWithoutAHostAndWithATag() throws IOException {
        List<String> names = new ArrayList<>(instructions().stream()
                .filter(line -> line.startsWith("FROM "))
                .map(line -> line.split(" ", -1)[1])
                .toList());
        compose()
                .path("services")
                .forEach(service -> names.add(service.path("image").asText()));
        assertThat(names).hasSizeGreaterThan(5).allMatch(name -> name.matches("[a-z]+:[^/]+"));
    }

    @ParameterizedTest
    @MethodSource("ours")
    void whatAServiceStartsIsUnderstoodAndItsSettingsAreValid(String name) throws IOException {
        JsonNode service = service(name);
        List<String> command = list(service.path("command")).stream()
                .map(word -> word.replaceAll("\\$\\{VERGE_FINGERPRINT:\\?[^}]*}", "ab".repeat(32)))
                .toList();
        CommandLine.ParseResult parsed = Commands.parse(command);
        StringBuilder reads = new StringBuilder(String.join(" ", command)).append(service.path("environment"));
        if (parsed.hasMatchedOption("--config")) {
            Path file = configFile(service, String.valueOf(parsed.matchedOptionValue("--config", Path.of(""))));
            reads.append(Files.readString(file));
            switch (Commands.settings(parsed, file)) {
                case NodeConfig node -> {
                    assertThat(node.node()).isEqualTo(name);
                    assertThat(node.controlPlane().tokenFile()).endsWith("/" + name);
                    assertThat(node.data()).startsWith("/var/lib/verge/");
                }
                case ControlPlaneConfig plane -> assertThat(plane.data()).startsWith("/var/lib/verge/");
                case Object other -> throw new AssertionError(other);
            }
        }
        // Every secret that it reads is mounted, declared, and made by the script.
        for (MatchResult found : SECRET.matcher(reads).results().toList()) {
            String secret = found.group(1);
            assertThat(list(service.path("secrets"))).contains(secret);
            assertThat(compose().path("secrets").path(secret).path("file").asText())
                    .isEqualTo("./secrets/" + secret);
            assertThat(Files.readString(FILES.resolve("prepare.sh"))).contains("$secrets/" + secret);
        }
        for (String volume : list(service.path("volumes"))) {
            List<String> parts = List.of(volume.split(":", -1));
            assertThat(compose().path("volumes").has(parts.getFirst()))
                    .as(volume)
                    .isTrue();
            // A volume is the user's own only where the image has the folder already.
            assertThat(image("RUN").getFirst() + " ").contains(" " + parts.get(1) + " ");
        }
    }

    /** The file that is mounted there. */
    private static Path configFile(JsonNode service, String target) throws IOException {
        for (JsonNode mount : service.path("configs")) {
            if (mount.path("target").asText().equals(target)) {
                String source = mount.path("source").asText();
                return FILES.resolve(
                        compose().path("configs").path(source).path("file").asText());
            }
        }
        throw new AssertionError("nothing is mounted at " + target);
    }

    @ParameterizedTest
    @MethodSource("ours")
    void everyServiceIsLockedDownAndBounded(String name) throws IOException {
        JsonNode service = service(name);
        assertThat(service.path("read_only").asBoolean()).isTrue();
        assertThat(list(service.path("cap_drop"))).containsExactly("ALL");
        assertThat(list(service.path("security_opt"))).contains("no-new-privileges:true");
        for (String field : List.of("mem_limit", "stop_grace_period", "logging", "restart")) {
            assertThat(service.has(field)).as(field).isTrue();
        }
        List<String> probe = list(service.path("healthcheck").path("test"));
        if (!probe.isEmpty()) {
            assertThat(probe.subList(0, 2)).containsExactly("CMD", PROGRAM);
            assertThat(Commands.parse(probe.subList(2, probe.size()))
                            .commandSpec()
                            .name())
                    .isEqualTo("health");
        }
    }

    @Test
    void eachNodeGetsATokenOfItsOwnBeforeItStarts() throws IOException {
        List<String> enrolled =
                Commands.parse(list(service("enrol").path("command"))).matchedPositionalValue(0, List.of());
        List<String> nodes =
                ours().stream().filter(name -> name.startsWith("edge-")).toList();
        assertThat(enrolled).hasSize(2).containsExactlyInAnyOrderElementsOf(nodes);
        for (String node : nodes) {
            JsonNode enrol = service(node).path("depends_on").path("enrol");
            assertThat(enrol.path("condition").asText()).isEqualTo("service_completed_successfully");
        }
    }
}
