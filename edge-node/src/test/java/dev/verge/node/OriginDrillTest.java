package dev.verge.node;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What clients see while origins fail, in seconds; {@code load-tests/drills} does the same under load and measures. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginDrillTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\nok";

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

    private void pool(String name, String more, int... ports) {
        String origins = IntStream.of(ports)
                .mapToObj(port -> "{url: \"http://127.0.0.1:" + port + "\"}")
                .collect(Collectors.joining(", "));
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                cache: {collapse: false}
                pools: {%s: {method: round-robin, origins: [%s] %s}}
                """.formatted(name, origins, more));
    }

    /** Answers well, over and over, until its connections are cut. */
    private static RawOrigin lasting() {
        return new RawOrigin((socket, out) -> {
            InputStream in = socket.getInputStream();
            int ends = 0;
            RawOrigin.write(out, OK);
            for (int b = in.read(); b >= 0; b = in.read()) {
                ends = b == '\n' ? ends + 1 : b == '\r' ? ends : 0;
                if (ends == 2) {
                    ends = 0;
                    RawOrigin.write(out, OK);
                }
            }
        });
    }

    @Test
    void halfOfTheOriginsDieUnderLoadAndNoRequestFails() {
        List<RawOrigin> origins = List.of(lasting(), lasting(), lasting(), lasting());
        pool("halves", "", origins.stream().mapToInt(RawOrigin::port).toArray());
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            sent.add(installation.client.sendAsync(
                    installation.request("/half?" + i).build(), BodyHandlers.ofString()));
            if (i == 150) {
                sent.get(100).join();
                origins.get(0).close();
                origins.get(1).close();
            }
        }
        assertThat(sent.stream().map(CompletableFuture::join))
                .allSatisfy(each ->
                        assertThat(each.statusCode()).as("%s", each.headers()).isEqualTo(200));
        origins.forEach(RawOrigin::close);
    }

    @Test
    void aHeadThatBreaksOffIsAskedForElsewhere() {
        try (RawOrigin cutting = new RawOrigin((socket, out) -> {
            RawOrigin.write(out, "HTTP/1.1 200 OK\r\nContent-Le");
            socket.setSoLinger(true, 0);
        })) {
            pool("heads", "", cutting.port(), good.port());

            assertThat(installation.getMany("/head", 40))
                    .allSatisfy(each -> assertThat(each.statusCode())
                            .as("%s", each.headers())
                            .isEqualTo(200));
            assertThat(cutting.heads).isNotEmpty();
        }
    }

    @Test
    void afterTheFirstEjectionOfOneThatHangsNoRequestFails() {
        CountDownLatch over = new CountDownLatch(1);
        try (RawOrigin hanging = new RawOrigin((socket, out) -> awaitQuietly(over));
                RawOrigin quick = lasting()) {
            pool("hangs", ", timeouts: {firstByte: 1s}, retries: {attempts: 2}", hanging.port(), quick.port());
            failUntilEjected("hangs", hanging.port());

            assertThat(installation.getMany("/after", 60))
                    .allSatisfy(each -> assertThat(each.statusCode())
                            .as("%s", each.headers())
                            .isEqualTo(200));
            over.countDown();
        }
    }

    @Test
    void afterTheFirstEjectionOfOneThatAnswersErrorsNoRequestFails() {
        try (RawOrigin broken = new RawOrigin((socket, out) ->
                RawOrigin.write(out, "HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))) {
            pool("errors", ", retries: {attempts: 2}", broken.port(), good.port());
            failUntilEjected("errors", broken.port());

            assertThat(installation.getMany("/after", 60))
                    .allSatisfy(each -> assertThat(each.statusCode())
                            .as("%s", each.headers())
                            .isEqualTo(200));
        }
    }

    @Test
    void oneThatComesAndGoesIsTakenOutAndBroughtBackByItsProbes() {
        AtomicBoolean well = new AtomicBoolean(true);
        AtomicInteger served = new AtomicInteger();
        try (RawOrigin flapping = RawOrigin.answering(head -> {
                    served.addAndGet(head.startsWith("GET /flap") ? 1 : 0);
                    return well.get() ? OK : "HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n";
                });
                RawOrigin steady = lasting()) {
            pool(
                    "flaps",
                    ", healthCheck: {interval: 100ms, timeout: 10s, consecutiveDown: 1, consecutiveUp: 1}",
                    flapping.port(),
                    steady.port());
            Installation.until("usable at first", () -> usable("flaps", flapping.port()));
            for (int round = 0; round < 3; round++) {
                well.set(round % 2 == 1);
                boolean expected = well.get();
                Installation.until("usable " + expected, () -> usable("flaps", flapping.port()) == expected);
                served.set(0);
                assertThat(installation.getMany("/flap", 10))
                        .allSatisfy(each -> assertThat(each.statusCode())
                                .as("%s", each.headers())
                                .isEqualTo(200));
                assertThat(served.get() > 0).isEqualTo(expected);
            }
        }
    }

    @Test
    void aSlowDripArrivesWhole() {
        try (RawOrigin dripping = new RawOrigin((socket, out) -> {
            RawOrigin.write(out, "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 8\r\n\r\n");
            CountDownLatch pause = new CountDownLatch(1);
            for (int i = 0; i < 8; i++) {
                RawOrigin.write(out, "d");
                awaitMillis(pause, 60);
            }
        })) {
            pool("drips", ", timeouts: {betweenBytes: 400ms}", dripping.port());

            assertThat(installation.get("/drip").body()).isEqualTo("d".repeat(8));
        }
    }

    private void failUntilEjected(String pool, int port) {
        Installation.until("ejected", () -> {
            installation.getMany("/before", 10);
            return !usable(pool, port);
        });
    }

    private boolean usable(String pool, int port) {
        return installation
                .send(java.net.http.HttpRequest.newBuilder(installation.admin("/metrics"))
                        .build())
                .body()
                .lines()
                .anyMatch(line -> line.startsWith("verge_origin_usable")
                        && line.contains(":" + port + "\"")
                        && line.contains("pool=\"" + pool + "\"")
                        && line.endsWith(" 1.0"));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        awaitMillis(latch, 20_000);
    }

    private static void awaitMillis(CountDownLatch latch, long millis) {
        try {
            var _ = latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
