package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What service managers and containers use: settings above a file's, health, tokens only where they are needed. */
class ProcessCommandsTest {
    @TempDir
    private Path folder;

    private String said = "";

    private int run(Map<String, String> variables, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        int exit = VergeCommand.run(
                new Environment(variables, folder, folder, InputStream.nullInputStream(), print, print, false),
                arguments);
        said = out.toString(StandardCharsets.UTF_8);
        return exit;
    }

    @Test
    void whatIsSetStandsAboveTheFileAndIsCheckedLikeIt() throws IOException {
        Files.writeString(folder.resolve("node.yaml"), "node: a\ndata: d\ncache: {memoryBytes: 1GiB}\n");
        assertThat(run(Map.of(), "node", "--config", "node.yaml", "--set", "cache.memoryBytes=lots"))
                .isEqualTo(1);
        assertThat(said).contains("cache.memoryBytes: lots");
        assertThat(run(Map.of(), "node", "--config", "node.yaml", "--set", "cash.memoryBytes=1GiB"))
                .isEqualTo(1);
        assertThat(said).contains("cash").contains("no such field");
        assertThat(run(Map.of(), "node", "--config", "node.yaml", "--set", "node.name=x"))
                .isEqualTo(2);
        assertThat(said).contains("--set node.name");
        assertThat(run(
                        Map.of(),
                        "node",
                        "--config",
                        "node.yaml",
                        "--set",
                        "cache.memoryBytes=lots",
                        "--set",
                        "https.http3=true",
                        "--set",
                        "functions.allowShared=perhaps"))
                .isEqualTo(1);
        assertThat(said).contains("functions.allowShared: perhaps").doesNotContain("http3");
        assertThat(run(
                        Map.of(),
                        "node",
                        "--config",
                        "node.yaml",
                        "--set",
                        "functions.spareHosts=0",
                        "--set",
                        "node=7",
                        "--set",
                        "limits.streamsPerConnection=-1"))
                .isEqualTo(1);
        assertThat(said)
                .contains("limits.streamsPerConnection: -1")
                .doesNotContain("spareHosts")
                .doesNotContain("node:");
    }

    @Test
    void healthIsTheAnswersStatus() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/well") ? 200 : 503, -1);
            exchange.close();
        });
        server.start();
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        try {
            assertThat(run(Map.of(), "health", address + "/well")).isZero();
            assertThat(run(Map.of(), "health", address + "/ill")).isEqualTo(1);
            assertThat(said).contains("/ill: 503");
        } finally {
            server.stop(0);
        }
        assertThat(run(Map.of(), "health", address + "/well")).isEqualTo(1);
        assertThat(said).hasLineCount(1).contains("does not answer");
    }

    @Test
    void aNodeThatHasItsKeysNeedsNoTokenAndNobodyIsAsked() throws IOException {
        Path keys = Files.writeString(folder.resolve("keys.json"), "{}");
        Map<String, String> nobody = Map.of("VERGE_API", "http://127.0.0.1:1", "VERGE_TOKEN", "t");
        assertThat(run(nobody, "node-token", "edge-1", "--unless", keys.toString()))
                .isZero();
        assertThat(run(nobody, "node-token", "edge-1", "--unless", keys + ".gone"))
                .isEqualTo(1);
        Files.writeString(folder.resolve("edge-1"), "token");
        assertThat(run(nobody, "node-token", "edge-1", "--out", folder.toString()))
                .isZero();
        assertThat(said).contains("which stays");
        assertThat(run(nobody, "node-token", "edge-1", "--expires-in", "soon")).isEqualTo(2);
    }

    @Test
    void anAuthorityThatIsNoneIsToldBeforeAnythingIsSent() throws IOException {
        Files.writeString(folder.resolve("ca.pem"), "no certificate");
        Map<String, String> variables =
                Map.of("VERGE_API", "https://127.0.0.1:1", "VERGE_TOKEN", "t", "VERGE_CA_FILE", "ca.pem");
        assertThat(run(variables, "nodes")).isEqualTo(2);
        assertThat(said).contains("VERGE_CA_FILE").contains("ca.pem");
    }
}
