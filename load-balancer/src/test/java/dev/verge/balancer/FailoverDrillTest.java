package dev.verge.balancer;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.verge.balancer.health.ClientKeys;
import dev.verge.balancer.options.HealthCheck;
import dev.verge.balancer.options.SamplePools;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two origins over real sockets, one of which misbehaves: what clients notice, and how the pool recovers. */
class FailoverDrillTest {
    private static final int REQUESTS = 200;

    private final Vertx vertx = Vertx.vertx();
    private final UpstreamPools pools = new UpstreamPools(
            vertx,
            new SimpleMeterRegistry(),
            (_, host, port) -> Future.succeededFuture(SocketAddress.inetSocketAddress(port, host)),
            ClientKeys.NONE,
            "installation",
            PoolsByHand.IDLE_POOLS);
    private final TryingClient client = new TryingClient(vertx, Duration.ofSeconds(15));
    private final WireMockServer well =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
    private final WireMockServer sick =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());

    @BeforeEach
    void start() {
        well.start();
        sick.start();
        well.stubFor(any(anyUrl()).willReturn(ok("well")));
        sick.stubFor(any(anyUrl()).willReturn(ok("sick")));
    }

    @AfterEach
    void stop() throws Exception {
        pools.close();
        client.close();
        await(vertx.close());
        well.stop();
        sick.stop();
    }

    @Test
    void noRequestFailsWhenAnOriginRefusesConnections() throws Exception {
        UpstreamPool pool = twoOrigins(new SamplePools());
        sick.stop();
        assertThat(statuses(pool, "GET", REQUESTS)).containsOnly(200);
        assertThat(statuses(pool, "POST", REQUESTS)).containsOnly(200);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE"})
    void noIdempotentRequestFailsWhenAnOriginResetsConnections(Fault fault) throws Exception {
        UpstreamPool pool = twoOrigins(new SamplePools());
        sick.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));
        assertThat(statuses(pool, "GET", REQUESTS)).containsOnly(200);
        assertThat(ejected(pool)).containsExactly(false, true);
    }

    @Test
    void requestsThatMayHaveTakenEffectAreNotSentTwice() throws Exception {
        UpstreamPool pool = twoOrigins(new SamplePools());
        sick.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        List<Integer> statuses = statuses(pool, "POST", REQUESTS);
        // Five in a row eject the origin; each of them failed for its client, and none was repeated.
        assertThat(statuses.stream().filter(status -> status == 502)).hasSize(5);
        assertThat(well.getAllServeEvents()).hasSize(REQUESTS - 5);
    }

    @Test
    void noRequestFailsAfterAnOriginThatAnswersErrorsIsEjected() throws Exception {
        UpstreamPool pool = twoOrigins(new SamplePools());
        sick.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503)));
        List<Integer> statuses = statuses(pool, "GET", REQUESTS);
        long failed = statuses.stream().filter(status -> status == 503).count();
        // The budget of a young pool affords three retries, so at most two of the five errors pass through.
        assertThat(failed).isLessThanOrEqualTo(2);
        assertThat(statuses.subList(REQUESTS / 2, REQUESTS)).containsOnly(200);
        assertThat(ejected(pool)).containsExactly(false, true);
    }

    @Test
    void noRequestFailsAfterAnOriginThatHangsIsEjected() throws Exception {
        UpstreamPool pool = twoOrigins(new SamplePools());
        statuses(pool, "GET", 50);
        sick.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(5_000)));
        client.perTry(Duration.ofMillis(700));
        List<Integer> statuses = statuses(pool, "GET", REQUESTS);
        assertThat(statuses.stream().filter(status -> status == 504).count()).isLessThanOrEqualTo(2);
        assertThat(statuses.subList(REQUESTS / 2, REQUESTS)).containsOnly(200);
        assertThat(ejected(pool)).containsExactly(false, true);
    }

    @Test
    void anAnswerIsPassedOnWhenThereIsNoOtherOrigin() throws Exception {
        UpstreamPool pool = pool(new SamplePools().primary(sick.baseUrl()));
        sick.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503)));
        assertThat(statuses(pool, "GET", 10)).containsOnly(503);
        assertThat(sick.getAllServeEvents()).hasSize(10);
    }

    @Test
    void probesTakeAnOriginOutAndBringItBack() throws Exception {
        UpstreamPool pool = twoOrigins(new SamplePools().healthCheck(quickCheck()));
        sick.stubFor(get("/healthz").willReturn(serverError()));
        until(() -> down(pool).equals(List.of(false, true)));
        assertThat(pool.status().origins().get(1).probeFailure()).isEqualTo("status 500");
        sick.resetRequests();
        assertThat(statuses(pool, "GET", 50)).containsOnly(200);
        assertThat(sick.getAllServeEvents())
                .allMatch(event -> event.getRequest().getUrl().equals("/healthz"));
        sick.stubFor(get("/healthz").willReturn(ok()));
        until(() -> down(pool).equals(List.of(false, false)));
        sick.resetRequests();
        assertThat(statuses(pool, "GET", 50)).containsOnly(200);
        assertThat(sick.getAllServeEvents())
                .anyMatch(event -> event.getRequest().getUrl().equals("/"));
    }

    @Test
    void backupsServeAndThenNobodyWhenProbesSayThatAllAreDown() throws Exception {
        UpstreamPool pool = pool(new SamplePools()
                .healthCheck(quickCheck())
                .primary(sick.baseUrl())
                .backup(well.baseUrl()));
        sick.stubFor(get("/healthz").willReturn(serverError()));
        until(() -> down(pool).equals(List.of(true, false)));
        well.resetRequests();
        assertThat(statuses(pool, "GET", 20)).containsOnly(200);
        well.stubFor(get("/healthz").willReturn(serverError()));
        until(() -> !down(pool).contains(false));
        try (UpstreamCall call = PoolsByHand.open(pool)) {
            assertThat(call.next(Client.PLAIN)).isEqualTo(new Choice.NoneUsable(Choice.Reason.ALL_DOWN));
        }
    }

    @Test
    void failOpenTriesThemAnyway() throws Exception {
        UpstreamPool pool =
                pool(new SamplePools().healthCheck(quickCheck()).failOpen(true).primary(well.baseUrl()));
        well.stubFor(get("/healthz").willReturn(serverError()));
        until(() -> !down(pool).contains(false));
        assertThat(statuses(pool, "GET", 5)).containsOnly(200);
    }

    private static HealthCheck quickCheck() {
        return SamplePools.check("/healthz", Duration.ofMillis(100), Duration.ofSeconds(2));
    }

    private UpstreamPool twoOrigins(SamplePools sample) {
        return pool(sample.primary(well.baseUrl()).primary(sick.baseUrl()));
    }

    private UpstreamPool pool(SamplePools sample) {
        return requireNonNull(pools.update("default/shop", Map.of("app", sample.build()))
                        .get("app"))
                .get();
    }

    private List<Integer> statuses(UpstreamPool pool, String method, int count) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            statuses.add(await(client.send(pool, method)));
        }
        assertThat(pool.status().requests()).isZero();
        return statuses;
    }

    private static List<Boolean> ejected(UpstreamPool pool) {
        return pool.status().origins().stream()
                .map(PoolStatus.OriginStatus::ejected)
                .toList();
    }

    private static List<Boolean> down(UpstreamPool pool) {
        return pool.status().origins().stream()
                .map(PoolStatus.OriginStatus::down)
                .toList();
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
