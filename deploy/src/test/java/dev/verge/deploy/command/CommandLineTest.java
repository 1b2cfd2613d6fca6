package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Usage, exit codes and messages, without a control plane to talk to. */
class CommandLineTest {
    @TempDir
    private Path folder;

    private final Map<String, String> variables = new HashMap<>();

    private Said run(String... arguments) {
        return runWith("", arguments);
    }

    private Said runWith(String input, String... arguments) {
        variables.putIfAbsent("XDG_CONFIG_HOME", folder.resolve("config").toString());
        return Said.by(variables, folder, input, arguments);
    }

    static Stream<String> commands() {
        Environment nowhere =
                new Environment(Map.of(), Path.of(""), Path.of(""), System.in, System.out, System.err, false);
        return new CommandLine(VergeCommand.commandLine(nowhere).getCommandSpec()).getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpWithAnExampleThatStartsWithItsName(String command) {
        Said said = run(command, "--help");
        assertThat(said.exit()).isZero();
        assertThat(said.out()).contains("Usage: verge " + command).contains("Example:");
        assertThat(said.out().substring(said.out().indexOf("Example:"))).contains("verge " + command);
        assertThat(said.out()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({
        "secret put",
        "secret list",
        "secret delete",
        "kv put",
        "kv get",
        "kv list",
        "kv delete",
        "schedule set",
        "schedule list",
        "schedule runs",
        "schedule run",
        "account delete",
        "token create",
        "token list",
        "token revoke",
        "nodes drain",
        "nodes undrain",
    })
    void everyCommandBelowAnotherHasHelpAndRefusesNonsense(String command) {
        String[] words = command.split(" ", -1);
        Said help = run(words[0], words[1], "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("Usage: verge " + command).contains("Example:");
        assertThat(help.out().substring(help.out().indexOf("Example:"))).contains("verge " + command);
        Said wrong = run(words[0], words[1], "--no-such-option");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("verge " + command + " --help");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void wrongUsageIsOneLineAndExitCodeTwo(String command) {
        Said said = run(command, "--no-such-option");
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.out()).isEmpty();
        assertThat(said.err().lines()).hasSize(1);
        assertThat(said.err()).startsWith("verge: ").contains("verge " + command + " --help");
    }

    @ParameterizedTest
    @CsvSource({
        "frobnicate",
        "get colour",
        "purge --site demo",
        "purge --site demo --all --url /",
        "purge --url /",
        "up --nodes 0",
        "up --http eighty",
        "up --http 70000",
        "node",
        "rollback site",
        "secret",
        "kv frobnicate",
        "tail",
        "tail hello --site demo",
        "token",
        "token create ci",
        "token create ci --scope everything",
        "token create ci --scope read --expires-in soon",
    })
    void nonsenseIsExitCodeTwo(String line) {
        variables.put("VERGE_TOKEN", "t");
        Said said = run(line.split(" ", -1));
        assertThat(said.exit()).as(said.toString()).isEqualTo(2);
        assertThat(said.err().lines()).hasSize(1);
    }

    @Test
    void withoutACommandHelpIsShown() {
        Said said = run();
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err()).contains("Usage: verge").contains("apply");
    }

    @Test
    void theVersionIsKnown() {
        assertThat(run("--version").out()).startsWith("verge ");
        assertThat(run("version", "--json").out()).startsWith("{\"version\":").contains("\"java\":\"25");
    }

    @Test
    void completionIsAScriptThatKnowsTheCommands() {
        assertThat(run("completion").out())
                .startsWith("#!/usr/bin/env bash")
                .contains("purge", "--site", "token", "revoke", "--scope");
    }

    @Test
    void withoutATokenTheWayToOneIsShown() {
        Said said = run("nodes");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err()).hasLineCount(1).contains("verge login").contains("VERGE_TOKEN");
    }

    @Test
    void anUnreachableControlPlaneIsOneLineThatNamesIt() throws IOException {
        try (ServerSocket closing = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            variables.put("VERGE_API", "http://127.0.0.1:" + closing.getLocalPort());
        }
        variables.put("VERGE_TOKEN", "secret-token");
        Said said = run("nodes");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err())
                .hasLineCount(1)
                .contains(String.valueOf(variables.get("VERGE_API")))
                .doesNotContain("secret-token");
    }

    @Test
    void unreadableFilesAreExitCodeTwo() throws IOException {
        variables.put("VERGE_TOKEN", "t");
        assertThat(run("apply", "-f", "missing.yaml").exit()).isEqualTo(2);
        assertThat(run("apply", "-f", "missing.yaml").err()).contains("missing.yaml does not exist");
        assertThat(run("deploy", ".").err()).contains("function.yaml");
        Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(run("apply", "-f", "binary.yaml").exit()).isEqualTo(2);
        assertThat(run("node", "--config", "missing.yaml").exit()).isEqualTo(2);
        Said alone = run("apply", "-f", "missing.yaml", "--pause", "10m");
        assertThat(alone.exit()).isEqualTo(2);
        assertThat(alone.err()).contains("--pause: needs --groups");
    }

    @Test
    void aDocumentWithoutANameIsRefusedWithTheWayOut() throws IOException {
        variables.put("VERGE_TOKEN", "t");
        Files.writeString(folder.resolve("site.yaml"), "hosts: [a.example]\n");
        Said said = run("apply", "-f", "site.yaml");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err()).contains("site: is missing; name the site");
        Files.writeString(folder.resolve("broken.yaml"), "site: demo\n  hosts: [\n");
        assertThat(run("apply", "-f", "broken.yaml").exit()).isEqualTo(1);
    }

    @Test
    void everyMistakeInASettingsFileIsNamed() throws IOException {
        Files.writeString(folder.resolve("node.yaml"), "node: a\nhtpp: 8080\ncache: {memoryBytes: lots}\n");
        Said said = run("node", "--config", "node.yaml");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err())
                .contains("htpp")
                .contains("cache.memoryBytes: lots")
                .doesNotContain("\tat ");
    }

    @Test
    void aKeptTokenGoesToTheAddressItWasKeptForOnly() throws IOException {
        Files.createDirectories(folder.resolve("config/verge"));
        Files.writeString(
                folder.resolve("config/verge/credentials.json"),
                "{\"api\": \"http://127.0.0.1:1\", \"token\": \"kept\"}");
        variables.put("VERGE_API", "http://127.0.0.1:2");
        Said said = run("nodes");
        assertThat(said.err()).contains("no token for http://127.0.0.1:2");
    }

    @Test
    void loginNeedsAToken() {
        Said said = runWith("\n", "login", "http://127.0.0.1:1");
        assertThat(said.exit()).isEqualTo(2);
        assertThat(run("login", "ftp://x").exit()).isEqualTo(2);
        assertThat(folder.resolve("config")).doesNotExist();
    }
}
