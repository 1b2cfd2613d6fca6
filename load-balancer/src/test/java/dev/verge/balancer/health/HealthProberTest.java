package dev.verge.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.options.HealthCheck;
import dev.verge.balancer.options.HealthCheckType;
import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.OriginProtocol;
import dev.verge.balancer.options.OriginRole;
import dev.verge.balancer.options.StatusSet;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Probes against real sockets: good, bad, refusing, silent, dripping, endless and encrypted ones. */
class HealthProberTest extends ProbesByHand {
    @Test
    void goodAnswersAreReportedAgainAndAgain() throws Exception {
        probe(serve(request -> request.response().end("fine")));
        for (int i = 0; i < 3; i++) {
            assertThat(next()).isTrue();
        }
    }

    @Test
    void unexpectedStatusIsBadAndARedirectIsNotFollowed() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        int port = serve(request -> {
            asked.incrementAndGet();
            request.response()
                    .setStatusCode("/healthz".equals(request.path()) ? 302 : 200)
                    .putHeader("Location", "/elsewhere")
                    .end();
        });
        probe(origin(port), check("200-299", null, Map.of()), LOOPBACK, TIMEOUT);
        assertThat(next()).isFalse();
        assertThat(next()).isFalse();
        assertThat(asked).hasValueLessThan(4);
    }

    @Test
    void bodyMustContainWhatIsExpectedWithinItsFirstBytes() throws Exception {
        String filler = "x".repeat(100_000);
        int early = serve(request -> request.response().end("all is ready, " + filler));
        int late = serve(request -> request.response().end(filler + "ready"));
        probe(origin(early), check("200", "ready", Map.of()), LOOPBACK, TIMEOUT);
        assertThat(next()).isTrue();
        probe(origin(late), check("200", "ready", Map.of()), LOOPBACK, TIMEOUT, results::add);
        assertThat(next(false)).isFalse();
    }

    @Test
    void refusedConnectionIsBadAndAnOriginThatComesBackIsNoticed() throws Exception {
        int port = freePort();
        probe(port);
        assertThat(next()).isFalse();
        assertThat(next()).isFalse();
        serve(port, request -> request.response().end("back"));
        assertThat(next(true)).isTrue();
    }

    @Test
    void originThatGoesDownIsNoticed() throws Exception {
        HttpServer server = await(vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1"));
        probe(server.actualPort());
        assertThat(next()).isTrue();
        await(server.close());
        assertThat(next(false)).isFalse();
    }

    @Test
    void silentOriginIsBadAfterTheTimeoutAndItsConnectionIsClosed() throws Exception {
        ServerSocket silent = open(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        probe(silent.getLocalPort());
        try (Socket accepted = silent.accept()) {
            assertThat(next()).isFalse();
            readToEnd(accepted);
        }
    }

    @Test
    void drippingBodyIsBadAndItsConnectionIsClosed() throws Exception {
        BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();
        int port = serve(request -> {
            var response = request.response().setChunked(true);
            long drip = vertx.setPeriodic(20, _ -> response.write("drip"));
            response.exceptionHandler(_ -> {});
            request.connection().closeHandler(_ -> {
                vertx.cancelTimer(drip);
                closed.add(true);
            });
        });
        probe(port);
        assertThat(next()).isFalse();
        assertThat(closed.poll(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void brokenAnswerIsBad() throws Exception {
        ServerSocket garbage = open(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread answering = Thread.ofVirtual().start(() -> answerAll(garbage, "SSH-2.0-OpenSSH_9.9\r\n\r\n"));
        probe(garbage.getLocalPort());
        assertThat(next()).isFalse();
        garbage.close();
        answering.join();
    }

    @Test
    void probeSendsItsHeadersAndTheHostThatRequestsWouldSee() throws Exception {
        int port = serve(this::recordHeaders);
        Origin named = new Origin(
                "http://127.0.0.1:" + port, 1, OriginRole.PRIMARY, "shop.example", null, OriginProtocol.HTTP1);
        probe(named, check("200", null, Map.of("X-Probe", "yes")), LOOPBACK, TIMEOUT);
        MultiMap headers = takeHeaders();
        assertThat(headers.get("Host")).isEqualTo("shop.example");
        assertThat(headers.get("X-Probe")).isEqualTo("yes");
        assertThat(headers.getAll("Host")).hasSize(1);
        HealthProber plain = probe(origin(port), check("200", null, Map.of()), LOOPBACK, TIMEOUT);
        MultiMap next = takeHeaders();
        while (next.contains("X-Probe")) {
            next = takeHeaders();
        }
        assertThat(next.get("Host")).isEqualTo("127.0.0.1:" + port);
        plain.close();
    }

    @Test
    void addressThatMayNotBeReachedIsNeverConnectedTo() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        int port = serve(request -> {
            asked.incrementAndGet();
            request.response().end();
        });
        probe(origin(port), check("200", null, Map.of()), (_, _, _) -> Future.failedFuture("private address"), TIMEOUT);
        assertThat(next()).isFalse();
        assertThat(next()).isFalse();
        assertThat(asked).hasValue(0);
    }

    @Test
    void guardThatThrowsOrNeverAnswersDoesNotEndTheProbing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        int port = serve(request -> request.response().end());
        probe(
                origin(port),
                check("200", null, Map.of()),
                (scope, host, to) -> switch (calls.incrementAndGet()) {
                    case 1 -> throw new IllegalStateException("planted");
                    case 2 -> Future.future(_ -> {});
                    default -> LOOPBACK.resolve(scope, host, to);
                },
                TIMEOUT);
        assertThat(next()).isFalse();
        assertThat(next()).isFalse();
        assertThat(next()).isTrue();
    }

    @Test
    void whileAStateChangesProbesComeFourTimesAsOften() throws Exception {
        int port = serve(request -> request.response().end());
        HealthCheck slow = new HealthCheck(
                "/",
                "GET",
                Duration.ofSeconds(4),
                TIMEOUT,
                2,
                3,
                StatusSet.parse("200"),
                null,
                Map.of(),
                HealthCheckType.HTTP);
        long start = System.nanoTime();
        probe(origin(port), slow, LOOPBACK, TIMEOUT);
        assertThat(next()).isTrue();
        assertThat(next()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(800), Duration.ofSeconds(3));
    }

    @Test
    void theTimeInWhichThisNodeDidNotLookIsNotTheOrigins() throws Exception {
        int port = serve(request -> request.response().end());
        Duration limit = Duration.ofMillis(400);
        probe(
                origin(port),
                check("200", null, Map.of()),
                (scope, host, to) -> {
                    long end = System.nanoTime() + limit.multipliedBy(2).toNanos();
                    while (System.nanoTime() < end) {
                        LockSupport.parkNanos(end - System.nanoTime());
                    }
                    return LOOPBACK.resolve(scope, host, to);
                },
                limit);
        assertThat(next()).as("%s", lastFailure).isTrue();
    }

    @Test
    void probingEndsWithClose() throws Exception {
        int port = serve(request -> request.response().end());
        HealthProber prober = probe(port);
        assertThat(next()).isTrue();
        prober.close();
        results.clear();
        // One result may have been on its way; at this pace eight more would follow.
        results.poll(100, TimeUnit.MILLISECONDS);
        assertThat(results.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }
}
