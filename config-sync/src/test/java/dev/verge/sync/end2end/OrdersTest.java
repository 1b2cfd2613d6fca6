package dev.verge.sync.end2end;

import static dev.verge.sync.end2end.Fleet.await;
import static dev.verge.sync.end2end.Fleet.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sync.client.SyncClient;
import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.log.Secret;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderField;
import dev.verge.sync.order.OrderRequest;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.server.KvWriter;
import dev.verge.sync.server.SyncServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders to one node and changes from it, over real sockets. */
class OrdersTest {

    @TempDir
    Path folder;

    private final Fleet fleet = new Fleet();
    private final MemoryLog log = new MemoryLog("h1");

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void orderIsCarriedOutByItsNodeAndAnswered() {
        List<Order> carriedOut = new CopyOnWriteArrayList<>();
        fleet.orders = order -> {
            carriedOut.add(order);
            return Future.succeededFuture(new OrderResult(
                    "ok", 3, 201, List.of(new OrderField("x-a", "1")), "aGk=", false, 1_500, 2_500, ""));
        };
        SyncServer server = fleet.serve(log);
        await(fleet.connect("n1", folder, new RecordingApplier()).caughtUp());
        Order order = Order.invoke(
                "r1",
                "default",
                "hello",
                3,
                new Deployed(3, 0, "0".repeat(64), FunctionManifest.defaults(), Map.of("KEY", Secret.of("hush"))),
                new OrderRequest("POST", "https://hello.invalid/", List.of(new OrderField("a", "b")), "aGk="));

        OrderResult result = await(server.nodes().order("n1", order.replaceSecrets(log.fleetKey::seal)));

        assertThat(carriedOut).containsExactly(order);
        OrderResult closed =
                await(server.nodes().order("n1", order.replaceSecrets(FleetKey.generate(log.fleetKey.epoch())::seal)));
        assertThat(closed.outcome()).isEqualTo(OrderResult.NOT_RUN);
        assertThat(result.status()).isEqualTo(201);
        assertThat(result.headers()).containsExactly(new OrderField("x-a", "1"));
        assertThat(result.cpuMicros()).isEqualTo(1_500);
    }

    @Test
    void orderFailsWhenItsNodeIsAwayOrGoesAwayAndSaysWhatANodeCannotDo() {
        Promise<OrderResult> never = Promise.promise();
        List<Order> carriedOut = new CopyOnWriteArrayList<>();
        fleet.orders = order -> {
            carriedOut.add(order);
            if (order.function().equals("bug")) {
                throw new IllegalStateException("no such thing");
            }
            return never.future();
        };
        SyncServer server = fleet.serve(log);
        Order tick = Order.scheduled("r1", "default", "hello", "* * * * *", 60_000);
        assertThatThrownBy(() -> await(server.nodes().order("n1", tick)))
                .hasStackTraceContaining("node n1 is not connected");

        SyncClient client = fleet.connect("n1", folder, new RecordingApplier());
        await(client.caughtUp());
        OrderResult wrong = await(server.nodes().order("n1", Order.scheduled("r2", "default", "bug", "* * * * *", 0)));
        assertThat(wrong.outcome()).isEqualTo(OrderResult.NOT_RUN);
        assertThat(wrong.reason()).isEqualTo("no such thing");

        Future<OrderResult> left = server.nodes().order("n1", tick);
        until("the order at the node", () -> carriedOut.contains(tick));
        await(client.close());
        assertThatThrownBy(() -> await(left)).hasStackTraceContaining("ended before its answer");
    }

    @Test
    void functionsChangeGoesToTheControlPlaneAndItsRefusalComesBack() {
        SyncServer server = fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, new RecordingApplier());
        await(client.caughtUp());
        KvWrite write = new KvWrite("default", "users", "a/b", "aGk=", "{}", 99L);
        assertThatThrownBy(() -> await(client.write(write))).hasStackTraceContaining("takes no changes");

        List<KvWrite> written = new CopyOnWriteArrayList<>();
        server.onKvWrite((from, asked) -> {
            written.add(asked);
            return asked.value() == null
                    ? Future.failedFuture(new KvWriter.Refused("not this one"))
                    : Future.succeededFuture();
        });
        await(client.write(write));
        assertThat(written).containsExactly(write);
        assertThatThrownBy(() -> await(client.write(new KvWrite("default", "users", "a", null, null, null))))
                .hasStackTraceContaining("not this one");
        fleet.stopServing();
        until("the break", () -> !client.status().connected());
        assertThatThrownBy(() -> await(client.write(write))).hasStackTraceContaining("cannot be reached");
    }

    @Test
    void valuesAndSecretsSurviveTheLogAndSecretsAreNeverShown() {
        KvEntry value = new KvEntry("default", "users", "a/b c", "aGk=", null, 2, "{\"a\":1}", 99L);
        assertThat(value.key()).isEqualTo("kv/default/users/a/b c");
        assertThat(Entry.decode(value.key(), value.toJson())).isEqualTo(value);
        KvEntry large = new KvEntry("default", "users", "big", null, "ab".repeat(32), 70_000, null, null);
        assertThat(Entry.decode(large.key(), large.toJson()).blobs()).containsExactly("ab".repeat(32));
        for (String name : List.of("", "a\nb", "\ud800", "x".repeat(513), "é".repeat(257))) {
            assertThatThrownBy(() -> new KvEntry("default", "users", name, "", null, 0, null, null))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        FunctionEntry function = new FunctionEntry(
                "default",
                "hello",
                "i1",
                List.of(new Deployed(
                        1, 100, "0".repeat(64), FunctionManifest.defaults(), Map.of("KEY", Secret.of("hush")))));
        assertThat(Entry.decode(function.key(), function.toJson())).isEqualTo(function);
        assertThat(function.toString()).doesNotContain("hush");
    }
}
