package dev.verge.node;

import static dev.verge.node.StrictRequest.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.Wire.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Each bound is reached, by a node whose bounds are near; and a client that behaves is served all the while. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoundsTest {
    private static final String GET = "GET /x HTTP/1.1\r\n" + HOST + "\r\n";
    private static final int PER_CLIENT = 12;
    private static final int LARGE = 64 << 20;

    private final WholeOrigin origin = new WholeOrigin();
    private final RawOrigin endless = new RawOrigin((socket, out) -> {
        RawOrigin.write(out, "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: " + LARGE + "\r\n\r\n");
        byte[] piece = new byte[1 << 16];
        for (int sent = 0; sent < LARGE; sent += piece.length) {
            out.write(piece);
        }
    });
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, """
                limits:
                  headerTimeout: 500ms
                  keepAlive: 700ms
                  dataGrace: 500ms
                  minBodyBytesPerSecond: 1000
                  minResponseBytesPerSecond: 1000
                  headerFields: 10
                  connectionsPerClient: %d
                  requestsPerConnection: 5
                  drain: 100ms
                """.formatted(PER_CLIENT));
        installation.publish("""
                site: shop
                hosts: [a.example]
                pools:
                  app: {origins: [{url: "http://127.0.0.1:%d"}], retries: {attempts: 1}}
                  endless: {origins: [{url: "http://127.0.0.1:%d"}], retries: {attempts: 1}}
                defaultPool: app
                rules: [{name: endless, when: {path: /endless}, do: [{pool: endless}]}]
                """.formatted(origin.port(), endless.port()));
    }

    @AfterEach
    void behaving() {
        try (Wire wire = connect()) {
            assertThat(wire.send(GET).reply().status()).isEqualTo(200);
        }
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
        endless.close();
    }

    private Wire connect() {
        return new Wire(installation.node().httpPort());
    }

    private String metrics() {
        return installation
                .send(java.net.http.HttpRequest.newBuilder(installation.admin("/metrics"))
                        .build())
                .body();
    }

    @Test
    void aConnectionThatAsksNothingIsClosed() {
        try (Wire wire = connect()) {
            assertThat(wire.closed()).isTrue();
        }
    }

    @Test
    void aHeadThatTricklesInIsTimedAsAWhole() {
        try (Wire wire = connect()) {
            var trickle = CompletableFuture.runAsync(() -> {
                wire.send("GET / HTTP/1.1\r\n" + HOST);
                for (int i = 0; i < 100; i++) {
                    wire.send("x");
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                }
            });
            Reply reply = wire.reply();
            assertThat(reply.status()).isEqualTo(408);
            assertThat(reply.head()).contains("connection: close");
            trickle.join();
        }
    }

    @Test
    void aConnectionIsClosedWhenItAsksNothingMore() {
        try (Wire wire = connect()) {
            assertThat(wire.send(GET).reply().status()).isEqualTo(200);
            assertThat(wire.send(GET).reply().status()).isEqualTo(200);
            assertThat(wire.closed()).isTrue();
        }
    }

    @Test
    void aBodyThatHardlyComesIsGivenUpBeforeAnOriginIsAsked() {
        int before = origin.begun.get();
        for (String framing :
                List.of("Content-Length: 100000\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello")) {
            try (Wire wire = connect()) {
                wire.send("POST /slow HTTP/1.1\r\n" + HOST + framing);
                Reply reply = wire.reply();
                assertThat(reply.status()).isEqualTo(408);
                assertThat(wire.closed()).isTrue();
            }
        }
        assertThat(origin.begun).hasValue(before);
    }

    @Test
    void aLongBodyReachesItsOriginWholeAndInOrder() {
        String numbers = IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
        try (Wire wire = connect()) {
            wire.send("POST /long HTTP/1.1\r\n" + HOST + "Content-Length: " + numbers.length() + "\r\n\r\n" + numbers);
            assertThat(wire.reply().content()).endsWith("\n\n" + numbers);
        }
        try (Wire wire = connect()) {
            wire.send("POST /long HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
            for (String chunk :
                    List.of(numbers.substring(0, 10), numbers.substring(10, 50_000), numbers.substring(50_000))) {
                wire.send(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
            }
            wire.send("0\r\n\r\n");
            assertThat(wire.reply().content()).endsWith("\n\n" + numbers);
        }
    }

    @Test
    void aClientThatTakesNothingIsDisconnected() {
        try (Wire wire = connect()) {
            wire.send("GET /endless HTTP/1.1\r\n" + HOST + "\r\n");
            Installation.until(
                    "the slow reader is found", () -> !metrics().contains("verge_connections_slow_total 0.0"));
        }
    }

    @Test
    void aConnectionEndsInOrderAfterItsShareOfRequests() {
        try (Wire wire = connect()) {
            for (int i = 1; i < 5; i++) {
                assertThat(wire.send(GET).reply().head()).doesNotContain("connection: close");
            }
            assertThat(wire.send(GET).reply().head()).contains("connection: close");
            assertThat(wire.closed()).isTrue();
        }
    }

    @Test
    void fieldsAreCounted() {
        try (Wire wire = connect()) {
            wire.send("GET / HTTP/1.1\r\n" + HOST + "X: y\r\n".repeat(10) + "\r\n");
            assertThat(wire.reply().status()).isEqualTo(431);
        }
    }

    @Test
    void oneAddressHasOnlySoManyConnections() {
        List<Wire> wires = new ArrayList<>();
        try {
            for (int i = 0; i < PER_CLIENT; i++) {
                Wire wire = connect();
                wires.add(wire);
                // Answered, it has been counted: loops take connections in no order.
                assertThat(wire.send(GET).reply().status()).isEqualTo(200);
            }
            try (Wire tooMany = connect()) {
                assertThat(tooMany.send(GET).closed()).isTrue();
            }
        } finally {
            wires.forEach(Wire::close);
        }
        Installation.until("the connections are gone", () -> {
            try (Wire again = connect()) {
                again.send("GET /again HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
                return !again.closed();
            }
        });
    }

    @Test
    void requestsAreTurnedAwayBeforeMemoryRunsOut(@TempDir Path other) {
        Installation full = new Installation(other, "limits: {memoryPercent: 1, drain: 100ms}");
        try {
            Installation.until("memory is short", () -> {
                System.gc();
                try (Wire wire = new Wire(full.node().httpPort())) {
                    Reply reply = wire.send(GET).reply();
                    return reply.status() == 503 && reply.head().contains("retry-after: 2");
                }
            });
            try (Wire wire = new Wire(full.node().httpPort())) {
                Reply reply = wire.send("GET / HTTP/1.1\r\n" + HOST
                                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n")
                        .reply();
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.head()).contains("retry-after: 2");
            }
            assertThat(full.send(java.net.http.HttpRequest.newBuilder(full.admin("/readyz"))
                                    .build())
                            .body())
                    .contains("new requests are turned away");
        } finally {
            full.close();
        }
    }
}
