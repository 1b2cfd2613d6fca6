package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.store.StoreSettings;
import dev.verge.sync.client.UsageSource;
import dev.verge.sync.log.Secret;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageInterval;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageRow;
import dev.verge.sync.usage.UsageSum;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes on one PostgreSQL database: each answers for the whole. */
final class ReplicasTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    private Path folder;

    private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
    private StoreSettings store;
    private RunningControlPlane left;
    private RunningControlPlane right;

    @BeforeEach
    void start() throws IOException {
        store = TestStore.POSTGRESQL.fresh();
        left = RunningControlPlane.start(folder.resolve("left"), store);
        // The replicas of an installation have one key of secrets, and only the first one makes the operator's token.
        Files.createDirectories(folder.resolve("right"));
        Files.copy(folder.resolve("left/secret-key"), folder.resolve("right/secret-key"));
        Files.copy(folder.resolve("left/admin-token"), folder.resolve("right/admin-token"));
        right = RunningControlPlane.start(folder.resolve("right"), store);
    }

    @AfterEach
    void stop() {
        left.close();
        right.close();
    }

    @Test
    void aChangeMadeAtOneReachesTheNodeOfTheOtherAndItsAnswerShowsAtBoth() {
        try (TestNode node = node(right)) {
            Answer stored = left.call("PUT", "/v1/sites/shop")
                    .yaml(site("shop", "shop.example"))
                    .send()
                    .expect(201);
            node.await("site/default/shop");
            for (RunningControlPlane each : List.of(left, right)) {
                await(() -> {
                    JsonNode line = each.call("GET", "/v1/sites/shop/status")
                            .send()
                            .expect(200)
                            .json()
                            .path("nodes")
                            .path(0);
                    return line.path("state").asText().equals("applied")
                            && line.path("connected").booleanValue()
                            && line.path("revision").longValue()
                                    >= stored.json().path("revision").longValue();
                });
            }
        }
        await(() -> !left.call("GET", "/v1/nodes/edge-0")
                .send()
                .expect(200)
                .json()
                .path("connected")
                .booleanValue());
    }

    @Test
    void anOrderGivenAtOneIsCarriedOutAtTheNodeOfTheOther() throws InterruptedException {
        try (TestNode node = node(right)) {
            left.call("PUT", "/v1/sites/shop")
                    .yaml(site("shop", "shop.example"))
                    .send()
                    .expect(201);
            node.await("site/default/shop");
            await(() -> left.call("GET", "/v1/nodes/edge-0")
                    .send()
                    .json()
                    .path("connected")
                    .booleanValue());
            Answer refused = left.call("POST", "/v1/sites/shop/trace")
                    .json("{\"url\": \"http://shop.example/\"}")
                    .send();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text()).contains("not today");
            Order order = orders.poll(10, TimeUnit.SECONDS);
            assertThat(order).isNotNull();
            assertThat(order.kind()).isEqualTo(Order.Kind.TRACE);
            assertThat(orders).isEmpty();
        }
    }

    @Test
    void secretsOfADirectCallAreSealedOnTheWayAndOpenAtTheNodeAlone() throws SQLException, InterruptedException {
        List<String> seen = new ArrayList<>();
        try (var connection = TestStore.connect(store, folder);
                var statement = connection.createStatement()) {
            function("hello");
            statement.execute("UPDATE function SET version = 1");
            statement.execute(
                    "INSERT INTO function_version (account, function, version, sha256, size_bytes, manifest, created_at,"
                            + " created_by) VALUES ('default', 'hello', 1, '" + "0".repeat(64)
                            + "', 1, '{}', 0, 'test')");
            statement.execute("CREATE TABLE seen (body TEXT)");
            statement.execute("CREATE RULE seen AS ON INSERT TO relay DO ALSO INSERT INTO seen VALUES (NEW.body)");
            left.call("PUT", "/v1/functions/hello/secrets/KEY")
                    .json("{\"value\": \"hush\"}")
                    .send()
                    .expect(201);
            try (TestNode _ = node(right)) {
                await(() -> left.call("GET", "/v1/nodes/edge-0")
                        .send()
                        .json()
                        .path("connected")
                        .booleanValue());
                left.call("POST", "/v1/functions/hello/invoke?version=1").send().expect(503);
                Order order = orders.poll(10, TimeUnit.SECONDS);
                assertThat(order).isNotNull();
                assertThat(Objects.requireNonNull(order.code()).secrets()).containsEntry("KEY", Secret.of("hush"));
            }
            try (var rows = statement.executeQuery("SELECT body FROM seen")) {
                while (rows.next()) {
                    seen.add(rows.getString(1));
                }
            }
        }
        assertThat(seen).anyMatch(body -> body.contains("fleet.1.")).noneMatch(body -> body.contains("hush"));
    }

    @Test
    void whatTheNodeOfOneCountsIsSeenAtTheOther() {
        HttpResponse<Stream<String>> watched = left.call("GET", "/v1/traffic").lines();
        try (TestNode node = node(right);
                Stream<String> lines = watched.body()) {
            node.counts(new UsageSource() {
                @Override
                public Batch next(@Nullable Place after) {
                    long number = after == null ? 1 : after.sequence() + 1;
                    UsageRow row = new UsageSum().add(UsageField.STATUS_2XX, 1).row(UsageKey.site("default", "shop"));
                    return CountingNode.batch(
                            "a", new UsageInterval(number, System.currentTimeMillis(), 1_000, false, List.of(row)));
                }

                @Override
                public void taken(Place upTo) {}
            });
            assertThat(lines.filter(line -> line.startsWith("data: {\"at\"") && line.contains("\"shop\""))
                            .findFirst())
                    .isPresent();
            await(() -> left.call("GET", "/v1/usage?by=site")
                            .send()
                            .expect(200)
                            .json()
                            .path("sites")
                            .path(0)
                            .path("requests")
                            .longValue()
                    > 0);
        }
    }

    @Test
    void runsAtTheNodeOfOneAreSeenByWhoWatchesAtTheOther() throws SQLException {
        function("hello");
        try (TestNode node = node(right);
                Stream<String> lines = watch("hello")) {
            await(() -> node.tail().watches("default", "hello"));
            node.tail().add("default", "hello", "{\"outcome\":\"ok\"}");
            assertThat(lines.filter(line -> line.startsWith("data:")).findFirst())
                    .hasValue("data: {\"node\":\"edge-0\",\"run\":{\"outcome\":\"ok\"}}");
        }
    }

    @Test
    void aTokenRevokedAtOneEndsTheStreamAtTheOther() {
        try (TestNode node = node(right)) {
            await(() -> left.call("GET", "/v1/nodes/edge-0")
                    .send()
                    .json()
                    .path("connected")
                    .booleanValue());
            String id = left.call("GET", "/v1/node-tokens")
                    .send()
                    .json()
                    .path("items")
                    .path(0)
                    .path("id")
                    .textValue();
            left.call("DELETE", "/v1/node-tokens/" + id).send().expect(204);
            await(() -> !right.call("GET", "/v1/nodes/edge-0")
                    .send()
                    .json()
                    .path("connected")
                    .booleanValue());
            assertThat(node).isNotNull();
        }
    }

    @Test
    void ofTwoEditsOfOneVersionExactlyOneIsMadeWhereverTheyCome() throws InterruptedException {
        String etag = left.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "a0.example"))
                .send()
                .expect(201)
                .header("ETag");
        for (int round = 1; round <= 10; round++) {
            Map<Integer, List<String>> answers = new ConcurrentHashMap<>();
            List<Thread> editors = new ArrayList<>();
            for (RunningControlPlane each : List.of(left, right)) {
                String text = site("shop", (each.equals(left) ? "l" : "r") + round + ".example");
                String condition = etag;
                editors.add(Thread.ofVirtual().start(() -> {
                    Answer answer = each.call("PUT", "/v1/sites/shop")
                            .header("If-Match", condition)
                            .yaml(text)
                            .send();
                    answers.computeIfAbsent(answer.status(), status -> new ArrayList<>())
                            .add(answer.header("ETag"));
                }));
            }
            for (Thread editor : editors) {
                editor.join();
            }
            assertThat(answers).containsOnlyKeys(200, 412);
            etag = answers.getOrDefault(200, List.of()).getFirst();
        }
    }

    /** As a restart of the database does, again and again, while both write. */
    @Test
    void noAcknowledgedChangeIsLostAndNoneIsMadeTwiceWhenConnectionsBreak() throws InterruptedException {
        List<String> made = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> writers = new ArrayList<>();
        for (RunningControlPlane each : List.of(left, right)) {
            String who = each.equals(left) ? "left" : "right";
            writers.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 40; i++) {
                    String name = who + "-" + i;
                    // A caller that hears nothing certain asks again with the same key.
                    await(() -> {
                        int status = each.call("POST", "/v1/accounts")
                                .header("Idempotency-Key", name)
                                .json("{\"name\": \"" + name + "\"}")
                                .send()
                                .status();
                        assertThat(status).isIn(201, 503);
                        return status == 201;
                    });
                    made.add(name);
                }
            }));
        }
        for (int cut = 0; cut < 8; cut++) {
            int from = made.size();
            await(() -> made.size() > from + 3 || made.size() == 80);
            TestStore.cutAll(store);
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(made).hasSize(80);
        List<String> there = left.call("GET", "/v1/accounts?limit=500")
                .send()
                .expect(200)
                .json()
                .path("items")
                .findValuesAsText("name");
        assertThat(there).containsAll(made).doesNotHaveDuplicates();
        String audit = right.call("GET", "/v1/audit?limit=500").send().text();
        assertThat(made)
                .allSatisfy(name ->
                        assertThat(audit.split("account " + name + "\"", -1)).hasSize(2));
        // And both still hear of each other.
        try (TestNode node = node(right)) {
            left.call("PUT", "/v1/sites/shop")
                    .yaml(site("shop", "shop.example"))
                    .send()
                    .expect(201);
            node.await("site/default/shop");
        }
    }

    private void function(String name) throws SQLException {
        try (var connection = TestStore.connect(store, folder);
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO function (account, name, incarnation, version, revision, vars, changed_at)"
                    + " VALUES ('default', '" + name + "', 'one', 0, 0, '{}', 0)");
        }
    }

    private Stream<String> watch(String function) {
        HttpResponse<Stream<String>> response =
                left.call("GET", "/v1/functions/" + function + "/logs").lines();
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private TestNode node(RunningControlPlane at) {
        return new TestNode(at.base(), at.nodeToken("edge-0"), folder.resolve("node"), entry -> false, this::carryOut);
    }

    private Future<OrderResult> carryOut(Order order) {
        orders.add(order);
        return Future.succeededFuture(OrderResult.notRun("not today"));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
