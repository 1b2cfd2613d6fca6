package dev.verge.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way in which a start can fail is one clear line and an exit code, and leaves nothing running. */
class StartFailureIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path data;

    @Test
    void portTakenNamesThePortAndItsHolder() throws IOException {
        Platform.Ports ports = Platform.Ports.free();
        try (ServerSocket _ = new ServerSocket(ports.http(), 1, InetAddress.getLoopbackAddress());
                Platform platform = Platform.launch(data, ports)) {
            assertThat(platform.awaitExit(SOON)).isEqualTo(1);
            assertThat(theOneLine(platform))
                    .contains("" + ports.http())
                    .contains("pid " + ProcessHandle.current().pid());
        }
    }

    @Test
    void unknownOptionExitsWithTwo() throws IOException {
        Platform.Said said = Platform.run(Map.of(), data, "up", "--frech");
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.out() + said.err()).contains("--frech");
    }

    @Test
    void freshRefusesAFolderThatIsNotVerges() throws IOException {
        Files.writeString(data.resolve("thesis.txt"), "years of work");
        try (Platform platform = Platform.launch(data, Platform.Ports.free(), "--fresh")) {
            assertThat(platform.awaitExit(SOON)).isNotZero();
            assertThat(theOneLine(platform)).contains(data.toString());
        }
        assertThat(data.resolve("thesis.txt")).exists();
    }

    @Test
    void nodeWithABadConfigNamesEveryField() throws IOException {
        Path config = data.resolve("node.yaml");
        Files.writeString(config, "node: a\nhtpp: 8080\ncache: {memoryBytes: lots}\n");
        Platform.Said said = Platform.run(Map.of(), data, "node", "--config", config.toString());
        assertThat(said.exit()).isIn(1, 2);
        assertThat(said.out() + said.err()).contains("htpp").contains("cache.memoryBytes");
    }

    private static String theOneLine(Platform platform) {
        List<String> lines = platform.lines();
        assertThat(lines).as("what it said").isNotEmpty();
        assertThat(lines).noneMatch(line -> line.startsWith("\tat ") || line.contains("Exception"));
        return lines.getLast();
    }
}
