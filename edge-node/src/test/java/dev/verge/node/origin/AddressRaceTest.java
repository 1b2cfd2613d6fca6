package dev.verge.node.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.ConnectionSlots;
import dev.verge.balancer.Endpoint;
import dev.verge.balancer.health.ClientKeys;
import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.OriginProtocol;
import dev.verge.balancer.options.OriginRole;
import dev.verge.balancer.options.Timeouts;
import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.InterimSink;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several addresses of one name (RFC 8305), and names whose addresses change. */
class AddressRaceTest {
    private static final SocketAddress ONE = SocketAddress.inetSocketAddress(1, "10.0.0.1");
    private static final SocketAddress TWO = SocketAddress.inetSocketAddress(2, "10.0.0.2");

    private final List<SocketAddress> tried = new CopyOnWriteArrayList<>();
    private final List<Long> times = new CopyOnWriteArrayList<>();
    private final TestNames names = new TestNames();
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setAddressResolverOptions(new AddressResolverOptions()
                    .addServer("127.0.0.1:" + names.port())
                    .setSearchDomains(List.of())
                    .setQueryTimeout(2_000)));

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
        names.close();
    }

    @Test
    void familiesTakeTurnsWithVersionSixFirst() throws Exception {
        List<InetAddress> found = new ArrayList<>();
        for (String text : List.of("192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2")) {
            found.add(InetAddress.getByName(text));
        }
        assertThat(Addresses.inTurn(found).stream().map(InetAddress::getHostAddress))
                .containsExactly("2001:db8:0:0:0:0:0:1", "192.0.2.1", "2001:db8:0:0:0:0:0:2", "192.0.2.2", "192.0.2.3");
    }

    @Test
    void theNextAddressIsTriedAtOnceAfterAFailureAndSoonAfterSilence() throws Exception {
        Promise<HttpClientConnection> never = Promise.promise();
        assertThat(race(Duration.ofSeconds(5), Map.of(ONE, Future.failedFuture("refused"), TWO, never.future()), false))
                .isEqualTo("timeout after both");
        assertThat(tried).containsExactly(ONE, TWO);
        assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isLessThan(Duration.ofMillis(200));

        tried.clear();
        times.clear();
        assertThat(race(Duration.ofMillis(600), Map.of(ONE, never.future(), TWO, Future.failedFuture("refused")), true))
                .isEqualTo("timeout after both");
        assertThat(tried).containsExactly(ONE, TWO);
        assertThat(Duration.ofNanos(times.get(1) - times.get(0)))
                .isBetween(Duration.ofMillis(245), Duration.ofMillis(590));
    }

    @Test
    void whenAllFailTheFirstReasonStands() throws Exception {
        assertThat(race(
                        Duration.ofSeconds(5),
                        Map.of(ONE, Future.failedFuture("first"), TWO, Future.failedFuture("second")),
                        true))
                .isEqualTo("first");
    }

    private String race(Duration time, Map<SocketAddress, Future<HttpClientConnection>> answers, boolean wait)
            throws Exception {
        Promise<String> end = Promise.promise();
        vertx.runOnContext(ignored -> AddressRace.run(vertx, List.of(ONE, TWO), time, address -> {
                    tried.add(address);
                    times.add(System.nanoTime());
                    if (!wait && tried.size() == 2) {
                        end.tryComplete("timeout after both");
                    }
                    return java.util.Objects.requireNonNull(answers.get(address));
                })
                .onComplete(
                        won -> end.tryComplete("won"),
                        lost -> end.tryComplete(
                                lost instanceof ConnectTimeoutException
                                        ? "timeout after both"
                                        : String.valueOf(lost.getMessage()))));
        return await(end.future());
    }

    @Test
    void keptConnectionsFollowTheNameToItsNewAddress() throws Exception {
        HttpServer old = server("127.0.0.2", 0, "old");
        HttpServer fresh = server("127.0.0.3", old.actualPort(), "new");
        names.put("moving.example", "127.0.0.2");
        OwnListeners none = new OwnListeners(Set.of());
        String authority = "moving.example:" + old.actualPort();
        Origin origin = new Origin("http://" + authority, 1, OriginRole.PRIMARY, null, null, OriginProtocol.HTTP1);
        Endpoint endpoint =
                new Endpoint("o", origin, authority, "moving.example", old.actualPort(), false, "moving.example", true);
        ConnectionSlots slots = new ConnectionSlots(4);
        Promise<OriginClient> made = Promise.promise();
        var loop = vertx.getOrCreateContext();
        loop.runOnContext(ignored ->
                made.complete(new OriginClient(vertx, new Addresses(vertx, List.of(), none), ClientKeys.NONE)));
        OriginClient client = await(made.future());

        assertThat(await(ask(loop, client, endpoint, slots))).isEqualTo("200 at old");
        names.put("moving.example", "127.0.0.3");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String last = "";
        while (!last.equals("200 at new") && System.nanoTime() < end) {
            last = await(ask(loop, client, endpoint, slots));
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
        assertThat(last).isEqualTo("200 at new");
        assertThat(names.asked()).isGreaterThan(1);
        await(Future.join(old.close(), fresh.close()));
    }

    private HttpServer server(String host, int port, String name) throws Exception {
        return await(vertx.createHttpServer()
                .requestHandler(
                        request -> request.response().putHeader("x-name", name).end())
                .listen(port, host));
    }

    private static Future<String> ask(
            io.vertx.core.Context loop, OriginClient client, Endpoint endpoint, ConnectionSlots slots) {
        Promise<String> seen = Promise.promise();
        OriginCall call = new OriginCall(
                endpoint,
                slots,
                "default/shop",
                "GET",
                "/",
                HttpFields.builder().add("host", "moving.example").build(),
                Body.none(),
                InterimSink.NOBODY,
                new Timeouts(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(1)),
                Duration.ofSeconds(10));
        loop.runOnContext(ignored -> client.attempt(call, false, () -> {}).end().onSuccess(end -> {
            if (end instanceof TryEnd.Answered answered) {
                answered.body().discard();
                seen.complete(answered.status() + " at " + answered.fields().first("x-name"));
            } else {
                seen.complete(end.toString());
            }
        }));
        return seen.future();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
