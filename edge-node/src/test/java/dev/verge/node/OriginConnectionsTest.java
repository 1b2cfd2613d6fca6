package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** How many connections to origins there are, how long they are kept, and each time-out on its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginConnectionsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\nok";

    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "");
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    private void pool(int port, String more) {
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}], %s}}
                """.formatted(port, more));
    }

    /** Counts a connection; the thread of one that the node has closed for it may not have heard of that yet. */
    private static void opens(AtomicInteger now, AtomicInteger most, int allowed) {
        long patience = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (now.get() >= allowed && System.nanoTime() < patience) {
            LockSupport.parkNanos(1_000_000);
        }
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
    }

    @Test
    void neverMoreConnectionsThanAllowedAndWhoWaitsIsServed() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (RawOrigin origin = new RawOrigin((socket, out) -> {
            opens(now, most, 3);
            do {
                RawOrigin.write(out, OK);
            } while (RawOrigin.another(socket.getInputStream()));
            now.decrementAndGet();
        })) {
            pool(origin.port(), "limits: {maxConnections: 3}, timeouts: {queue: 20s}");

            for (int round = 0; round < 3; round++) {
                assertThat(installation.getMany("/limited", 60))
                        .allSatisfy(each -> assertThat(each.statusCode()).isEqualTo(200));
            }
            assertThat(most).hasValueBetween(1, 3);
        }
    }

    @Test
    void aCompleteAnswerLeavesItsConnectionFitForTheNext() {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        try (RawOrigin origin = new RawOrigin((socket, out) -> {
            opened.incrementAndGet();
            do {
                // To HEAD without content, and a length that says what GET would bring.
                RawOrigin.write(
                        out,
                        asked.getAndIncrement() < 8
                                ? "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\n"
                                : "HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\n\r\n");
            } while (RawOrigin.another(socket.getInputStream()));
        })) {
            pool(origin.port(), "retries: {attempts: 1}");
            for (int i = 0; i < 16; i++) {
                HttpRequest request = installation
                        .request("/reuse?" + i)
                        .method(i < 8 ? "HEAD" : "GET", HttpRequest.BodyPublishers.noBody())
                        .build();
                assertThat(installation.send(request).statusCode()).isEqualTo(i < 8 ? 200 : 204);
            }
            assertThat(opened)
                    .as("connections, each event loop having its own")
                    .hasValueLessThanOrEqualTo(Runtime.getRuntime().availableProcessors() * 2);
        }
    }

    @Test
    void aConnectionThatIsOnlyKeptMakesRoomForOneToAnotherOrigin() {
        RawOrigin.Script lasting = (socket, out) -> {
            do {
                RawOrigin.write(out, OK);
            } while (RawOrigin.another(socket.getInputStream()));
        };
        try (RawOrigin one = new RawOrigin(lasting);
                RawOrigin two = new RawOrigin(lasting)) {
            installation.publish("""
                    site: shop
                    hosts: [127.0.0.1]
                    pools:
                      app:
                        method: round-robin
                        origins: [{url: "http://127.0.0.1:%d"}, {url: "http://127.0.0.1:%d"}]
                        limits: {maxConnections: 1}
                        timeouts: {queue: 20s}
                    """.formatted(one.port(), two.port()));

            for (int i = 0; i < 12; i++) {
                assertThat(installation.get("/turn?" + i).statusCode()).isEqualTo(200);
            }
            assertThat(one.heads).isNotEmpty();
            assertThat(two.heads).isNotEmpty();
        }
    }

    @Test
    void aKeptConnectionThatTheOriginClosedIsNoError() {
        AtomicInteger second = new AtomicInteger();
        try (RawOrigin origin = new RawOrigin((socket, out) -> {
            RawOrigin.write(out, OK);
            // Closes just when the next request comes, as an origin does whose own time is up.
            if (RawOrigin.another(socket.getInputStream())) {
                second.incrementAndGet();
            }
        })) {
            pool(origin.port(), "retries: {attempts: 1}, limits: {maxConnections: 1}");

            for (int i = 0; i < 20; i++) {
                assertThat(installation.get("/kept").statusCode()).isEqualTo(200);
            }
            assertThat(second).hasValueGreaterThan(0);
        }
    }

    @Test
    void anUnusedConnectionIsKeptForItsTimeAndNoLonger() throws Exception {
        BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
        AtomicInteger opened = new AtomicInteger();
        try (RawOrigin origin = new RawOrigin((socket, out) -> {
            opened.incrementAndGet();
            do {
                RawOrigin.write(out, OK);
            } while (RawOrigin.another(socket.getInputStream()));
            ended.add(true);
        })) {
            pool(origin.port(), "limits: {maxConnections: 1}, timeouts: {idleConnection: 300ms}");
            for (int i = 0; i < 5; i++) {
                assertThat(installation.get("/idle").statusCode()).isEqualTo(200);
            }
            assertThat(opened).hasValueLessThanOrEqualTo(5);
            long begun = System.nanoTime();
            assertThat(ended.poll(10, TimeUnit.SECONDS)).isTrue();
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(5));
        }
    }

    @Test
    void firstByteRunsFromTheEndOfTheRequestOnly() throws Exception {
        CountDownLatch head = new CountDownLatch(1);
        CountDownLatch rest = new CountDownLatch(1);
        try (RawOrigin origin = new RawOrigin((socket, out) -> {
            head.countDown();
            RawOrigin.another(new java.io.BufferedInputStream(socket.getInputStream()));
            RawOrigin.write(out, OK);
        })) {
            pool(origin.port(), "timeouts: {firstByte: 250ms}");
            java.net.Socket client = new java.net.Socket(
                    java.net.InetAddress.getLoopbackAddress(),
                    installation.node().httpPort());
            try (client) {
                RawOrigin.write(
                        client.getOutputStream(),
                        "POST /slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 70004\r\nConnection: close\r\n\r\n"
                                + "a".repeat(20_000));
                assertThat(head.await(10, TimeUnit.SECONDS)).isTrue();
                assertThat(rest.await(600, TimeUnit.MILLISECONDS))
                        .as("time that goes by while the client sends")
                        .isFalse();
                RawOrigin.write(client.getOutputStream(), "a".repeat(50_000) + "\r\n\r\n");
                assertThat(new String(client.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void anEventStreamMayBeSilentForItsOwnTime() {
        CountDownLatch pause = new CountDownLatch(1);
        try (RawOrigin origin = new RawOrigin((socket, out) -> {
            RawOrigin.write(
                    out,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\r\ndata: 1\n\n");
            awaitMillis(pause, 700);
            RawOrigin.write(out, "data: 2\n\n");
            awaitMillis(pause, 20_000);
        })) {
            pool(origin.port(), "timeouts: {betweenBytes: 200ms, idleStream: 1s}");
            HttpRequest request = installation.request("/events").build();
            HttpResponse<InputStream> answer = installation
                    .client
                    .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                    .join();
            StringBuilder seen = new StringBuilder();
            try (InputStream body = answer.body()) {
                for (int b = body.read(); b >= 0; b = body.read()) {
                    seen.append((char) b);
                }
                seen.append("complete");
            } catch (IOException cut) {
                seen.append("cut");
            }
            assertThat(seen).hasToString("data: 1\n\ndata: 2\n\ncut");
            pause.countDown();
        }
    }

    private static void awaitMillis(CountDownLatch latch, long millis) {
        try {
            var _ = latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
