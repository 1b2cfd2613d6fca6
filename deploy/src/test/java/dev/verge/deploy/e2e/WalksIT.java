package dev.verge.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a newcomer does first, with nothing but the pages: each section's shell blocks are run as they stand, by bash, after the documents that it
 * says to save; only ports are others. Minutes of starting commands, so with {@code -De2e=all} only.
 */
@EnabledIfSystemProperty(named = "e2e", matches = "all")
final class WalksIT {
    private static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FENCE = Pattern.compile("(?ms)^```([a-z -]+)\\n(.*?)^```$");
    private static final Pattern SAVED = Pattern.compile("(?i)save (?:it|this) as `([^`]+)`");
    private static final int APP_PORT = 5000;

    @TempDir
    private static Path folder;

    private static Platform platform;
    private static int appPort;

    @BeforeAll
    static void start() throws IOException {
        platform = Platform.start(folder.resolve("data"));
        try (ServerSocket free = new ServerSocket(0)) {
            appPort = free.getLocalPort();
        }
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void fiveMinutes() throws Exception {
        assertThat(walk(Path.of("README.md"), "Five minutes"))
                .containsSubsequence(
                        "verge; fwd=uri-miss; stored",
                        "verge; hit",
                        "verge; fwd=uri-miss; stored",
                        "Ada",
                        "\"hello\":\"again\"",
                        "down",
                        "200\n200\n200\n200\n200\n");
    }

    @Test
    void aSiteAndAFunctionOfOnesOwn() throws Exception {
        assertThat(walk(Path.of("deploy/docs/README.md"), "A site of your own"))
                .containsSubsequence("live", "fwd=uri-miss; stored", "verge; hit", "mine", "done");
        assertThat(walk(Path.of("deploy/docs/README.md"), "A function of your own"))
                .containsSubsequence(
                        "live",
                        "hello from ada",
                        "live",
                        "hello from ada",
                        "live",
                        "goodbye from ada",
                        "hello from ada")
                .contains("asked for http://mine.localhost:");
    }

    @Test
    void twoFlakyOrigins() throws Exception {
        assertThat(walk(Path.of("deploy/docs/README.md"), "Two flaky origins"))
                .containsSubsequence(
                        "live",
                        "\n200\n",
                        "down, status 503",
                        "503",
                        "destination_unavailable",
                        "node-0 down",
                        "FROM",
                        "status 503")
                .contains("peak-ewma among 1 of 2");
    }

    /** Does what a section says; returns all that was printed. Everything but what it leaves running in the background must end well. */
    private static String walk(Path page, String heading) throws Exception {
        StringBuilder script = new StringBuilder("set -e -o pipefail\n");
        String section = section(Files.readString(HOUSE.resolve(page)), heading);
        int read = 0;
        for (MatchResult block : FENCE.matcher(section).results().toList()) {
            if (block.group(1).equals("sh")) {
                script.append(here(block.group(2)));
            } else {
                Matcher saved = SAVED.matcher(section.substring(read, block.start()));
                assertThat(saved.find())
                        .as("where to save what begins with " + block.group(2))
                        .isTrue();
                // Only now, as a later block of the section may change it.
                script.append("cat > ")
                        .append(saved.group(1))
                        .append(" <<'END OF FILE'\n")
                        .append(here(block.group(2)))
                        .append("END OF FILE\n");
            }
            read = block.end();
        }
        Path file = Files.writeString(folder.resolve("walk.sh"), script + "jobs -p | xargs -r kill\n");
        Path out = folder.resolve("walk.out");
        ProcessBuilder bash = new ProcessBuilder("bash", file.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        bash.environment().putAll(environment());
        Process walk = bash.start();
        boolean ended = walk.waitFor(5, TimeUnit.MINUTES);
        walk.descendants().forEach(ProcessHandle::destroy);
        walk.destroyForcibly();
        String printed = Files.readString(out);
        assertThat(ended && walk.waitFor() == 0).as(script + "\n" + printed).isTrue();
        return printed;
    }

    private static Map<String, String> environment() throws IOException {
        Path commands = Platform.command().toAbsolutePath().getParent();
        return Map.of(
                "PATH", commands + ":" + System.getenv("PATH"),
                "VERGE_API", platform.api("").toString(),
                "VERGE_TOKEN", platform.token());
    }

    private static String section(String page, String heading) {
        Matcher found =
                Pattern.compile("(?ms)^## " + heading + "\\n(.*?)(?=^## |\\z)").matcher(page);
        assertThat(found.find()).as(heading).isTrue();
        return found.group(1);
    }

    /** The ports of this platform in place of the usual ones; what starts one is left out. */
    private static String here(String text) {
        Platform.Ports ports = platform.ports();
        Map<Integer, Integer> there = Map.of(
                8080,
                ports.http(),
                9100,
                ports.admin(),
                9001,
                ports.origins(),
                9002,
                ports.origins() + 1,
                APP_PORT,
                appPort);
        String moved = Pattern.compile("\\b("
                        + String.join(
                                "|",
                                there.keySet().stream().map(String::valueOf).toList()) + ")\\b")
                .matcher(text)
                .replaceAll(port -> String.valueOf(there.get(Integer.valueOf(port.group(1)))));
        List<String> kept = moved.lines()
                .filter(line -> !line.startsWith("deploy/up") && !line.startsWith("export PATH="))
                .toList();
        return String.join("\n", kept) + "\n";
    }
}
