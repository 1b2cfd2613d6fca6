package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.log.CertificateEntry;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.LogEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A private key is open in the node that uses it and nowhere on its disk; and a node that was shut out gets no later one. */
final class SealingTest {
    @TempDir
    private Path folder;

    private RunningControlPlane api;

    @BeforeEach
    void start() {
        api = RunningControlPlane.start(folder.resolve("control-plane"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void keysAreSealedOnTheNodesDiskAndUnderAnotherFleetKeyAfterANodeWasShutOut() throws IOException {
        TestAuthority authority = new TestAuthority("Sealing");
        String first = authority.issue("one.example").json();
        String second = authority.issue("two.example").json();
        Path data = folder.resolve("node");
        try (TestNode node = new TestNode(api.base(), api.nodeToken("n1"), data, entry -> false);
                TestNode other =
                        new TestNode(api.base(), api.nodeToken("n2"), folder.resolve("other"), entry -> false)) {
            api.call("PUT", "/v1/certificates/one").json(first).send().expect(201);
            assertThat(key(node.await("certificate/default/one"))).contains("PRIVATE KEY");
            assertThat(key(other.await("certificate/default/one"))).contains("PRIVATE KEY");
            api.call("DELETE", "/v1/nodes/n2").send().expect(204);
            other.awaitCut();
            api.call("PUT", "/v1/certificates/two").json(second).send().expect(201);
            assertThat(key(node.await("certificate/default/two"))).contains("PRIVATE KEY");
        }
        String disk = everything(data);
        assertThat(disk).contains("fleet.1.").contains("fleet.2.").doesNotContain("BEGIN PRIVATE KEY");
        assertThat(everything(folder.resolve("other"))).doesNotContain("fleet.2.");
    }

    private static String key(LogEntry entry) {
        return entry.value() != null && Entry.decode(entry.key(), entry.value()) instanceof CertificateEntry found
                ? found.privateKey().reveal()
                : "";
    }

    private static String everything(Path folder) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
