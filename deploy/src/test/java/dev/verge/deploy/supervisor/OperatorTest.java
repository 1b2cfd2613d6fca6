package dev.verge.deploy.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor's calls to a control plane that is not ready for everything yet. */
class OperatorTest {
    private static final String MADE = "{\"id\": \"t1\", \"token\": \"vrn_1\", \"node\": \"n\", \"expiresAt\": null,"
            + " \"caFingerprint\": null, \"signingKey\": \"k\"}";

    @TempDir
    private Path folder;

    private final AtomicInteger calls = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Operator operator(int refusals, int status) throws Exception {
        server.createContext("/", exchange -> {
            boolean refused = calls.incrementAndGet() <= refusals;
            byte[] body = (refused
                            ? "{\"type\": \"about:blank\", \"title\": \"no\", \"status\": " + status
                                    + ", \"detail\": \"not now\"}"
                            : MADE)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .add("Content-Type", refused ? "application/problem+json" : "application/json");
            exchange.sendResponseHeaders(refused ? status : 201, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Path token = Files.writeString(folder.resolve("token"), "vrg_x\n");
        return Operator.signIn(
                new UpOptions(folder, 0, 0, server.getAddress().getPort(), 0, 0, 1, true, true, false), token);
    }

    @Test
    void whoHasNoRoomIsAskedAgain() throws Exception {
        try (Operator operator = operator(2, 503)) {
            assertThat(operator.nodeToken("n")).isEqualTo("vrn_1");
            assertThat(calls).hasValue(3);
        }
    }

    @Test
    void whoRefusesIsNot() throws Exception {
        try (Operator operator = operator(2, 409)) {
            assertThatThrownBy(() -> operator.nodeToken("n"))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("not now");
            assertThat(calls).hasValue(1);
        }
    }
}
