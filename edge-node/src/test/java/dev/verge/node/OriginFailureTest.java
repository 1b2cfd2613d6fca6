package dev.verge.node;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginFailureTest {
    private final WireMockServer good =
            new WireMockServer(options().dynamicPort().containerThreads(60));
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        good.start();
        good.stubFor(any(anyUrl())
                .willReturn(aResponse().withHeader("Cache-Control", "no-store").withBody("ok")));
        installation = new Installation(data, "");
    }

    @AfterAll
    void stop() {
        installation.close();
        good.stop();
    }

    private void pool(String extra, int... ports) {
        StringBuilder origins = new StringBuilder();
        for (int port : ports) {
            origins.append("{url: \"http://127.0.0.1:").append(port).append("\"},");
        }
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [%s] %s}}
                """.formatted(origins.substring(0, origins.length() - 1), extra));
    }

    private static int closedPort() {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return taken.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noRequestFailsWhileOneOriginRefuses() {
        pool("", closedPort(), good.port());

        assertThat(IntStream.range(0, 10)
                        .mapToObj(round -> installation.getMany("/load", 40))
                        .flatMap(java.util.List::stream))
                .hasSize(400)
                .allSatisfy(each -> assertThat(each.statusCode()).isEqualTo(200));
    }

    @Test
    void noIdempotentRequestFailsWhileOneOriginResets() throws Exception {
        try (RawOrigin resetting = new RawOrigin((socket, out) -> {
            socket.setSoLinger(true, 0);
            socket.close();
        })) {
            pool("", resetting.port(), good.port());

            assertThat(installation.getMany("/load", 60))
                    .allSatisfy(each -> assertThat(each.statusCode()).isEqualTo(200));
            assertThat(resetting.heads).isNotEmpty();
        }
    }

    @Test
    void tellsClearlyThatNoOriginIsThere() {
        pool("", closedPort(), closedPort());

        HttpResponse<String> page = installation.get("/x", "Accept", "text/html");
        HttpResponse<String> problem = installation.get("/x", "Accept", "application/json");

        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.headers().firstValue("retry-after")).isPresent();
        assertThat(page.headers().firstValue("proxy-status")).contains("verge; error=connection_refused");
        assertThat(page.body())
                .contains("<h1>503")
                .contains(page.headers().firstValue("x-request-id").orElseThrow())
                .doesNotContain("127.0.0.1");
        assertThat(problem.headers().firstValue("content-type")).contains("application/problem+json");
    }

    @Test
    void givesUpInTimeOnAnOriginThatHangs() {
        CountDownLatch over = new CountDownLatch(1);
        try (RawOrigin hanging = new RawOrigin((socket, out) -> awaitQuietly(over))) {
            pool(", timeouts: {firstByte: 300ms}, retries: {attempts: 1}", hanging.port());
            long begun = System.nanoTime();

            HttpResponse<String> response = installation.get("/slow");

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(10));
            assertThat(response.headers().firstValue("proxy-status")).contains("verge; error=http_response_timeout");
            over.countDown();
        }
    }

    @Test
    void neitherStoresNorCompletesAResponseThatWasCutShort() {
        for (String framed : List.of(
                "Content-Length: 100\r\n\r\nonly this",
                "Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
                "Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\nno size\r\n")) {
            try (RawOrigin cutting = new RawOrigin((socket, out) ->
                    RawOrigin.write(out, "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n" + framed))) {
                pool("", cutting.port());

                for (int i = 0; i < 2; i++) {
                    assertThat(isCutOrRefused("/cut" + framed.hashCode()))
                            .as(framed)
                            .isTrue();
                }
                assertThat(cutting.heads).hasSizeGreaterThanOrEqualTo(2);
            }
        }
    }

    /** Cut: the answer had begun. Refused: what is wrong with it was there before its head was passed on. */
    private boolean isCutOrRefused(String path) {
        try {
            return installation
                            .client
                            .send(installation.request(path).build(), BodyHandlers.ofString())
                            .statusCode()
                    == 502;
        } catch (IOException cut) {
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void endsAResponseThatStalls() {
        CountDownLatch over = new CountDownLatch(1);
        try (RawOrigin stalling = new RawOrigin((socket, out) -> {
            RawOrigin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst");
            awaitQuietly(over);
        })) {
            pool(", timeouts: {betweenBytes: 300ms}", stalling.port());

            assertThatThrownBy(() -> installation.client.send(
                            installation.request("/stall").build(), BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            over.countDown();
        }
    }

    @Test
    void passesGarbageOffAsABadGateway() {
        try (RawOrigin garbage = new RawOrigin((socket, out) -> RawOrigin.write(out, "this is not HTTP\r\n\r\n"))) {
            pool("", garbage.port());

            assertThat(installation.get("/garbage").statusCode()).isEqualTo(502);
        }
    }

    @Test
    void sendsASmallBodyAgainToTheNextOrigin() {
        pool("", closedPort(), good.port());

        for (int i = 0; i < 10; i++) {
            HttpResponse<String> response = installation.send(installation
                    .request("/post")
                    .POST(HttpRequest.BodyPublishers.ofString("body " + i))
                    .build());
            assertThat(response.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void neverReachesItsOwnListeners() {
        pool("", installation.node().adminPort());

        HttpResponse<String> response = installation.get("/metrics");

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.headers().firstValue("proxy-status")).contains("verge; error=destination_ip_prohibited");
    }

    @Test
    void deliversTheWholeBodyOfAnOriginThatClosesToASlowClient() throws Exception {
        int bytes = 3 << 20;
        CountDownLatch sent = new CountDownLatch(1);
        try (RawOrigin closing = new RawOrigin((socket, out) -> {
            RawOrigin.write(
                    out,
                    "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: " + bytes
                            + "\r\n\r\n");
            out.write(new byte[bytes]);
            out.flush();
            sent.countDown();
        })) {
            pool("", closing.port());
            try (Socket client = new Socket()) {
                client.setReceiveBufferSize(16 * 1024);
                client.connect(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), installation.node().httpPort()));
                RawOrigin.write(
                        client.getOutputStream(), "GET /c HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
                assertThat(client.getInputStream().read()).isEqualTo('H');
                boolean originIsDone = sent.await(2, java.util.concurrent.TimeUnit.SECONDS);

                assertThat(client.getInputStream().readAllBytes().length)
                        .as("origin done before the client read on: %s", originIsDone)
                        .isGreaterThanOrEqualTo(bytes);
            }
        }
    }

    @Test
    void stopsAskingTheOriginWhenTheClientHasGone() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (RawOrigin waiting = new RawOrigin((socket, out) -> {
            asked.countDown();
            if (socket.getInputStream().read() < 0) {
                closed.countDown();
            }
        })) {
            pool("", waiting.port());
            try (Socket client = new Socket(
                    InetAddress.getLoopbackAddress(), installation.node().httpPort())) {
                RawOrigin.write(client.getOutputStream(), "GET /gone HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
                assertThat(asked.await(10, java.util.concurrent.TimeUnit.SECONDS))
                        .isTrue();
            }
            assertThat(closed.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(20, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
