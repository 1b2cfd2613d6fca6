package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The public conformance suite for HTTP/2, where its program is at hand: {@code -Dverge.h2spec=/path/to/h2spec}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "verge.h2spec", matches = ".+")
class H2SpecTest {
    private final WholeOrigin origin = new WholeOrigin();
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}], retries: {attempts: 1}}}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    private static String run(int port, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("verge.h2spec"), "-h", "127.0.0.1", "-p", Integer.toString(port), "-o", "3"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Test
    void everyCasePassesInTheClear() throws IOException, InterruptedException {
        assertThat(run(installation.node().httpPort())).contains(" 0 failed");
    }

    @Test
    void everyCasePassesOverTls() throws IOException, InterruptedException {
        assertThat(run(installation.node().httpsPort(), "-t", "-k")).contains(" 0 failed");
    }
}
