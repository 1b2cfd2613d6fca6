package dev.verge.control;

import static dev.verge.control.CountingNode.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.store.StoreSettings;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageInterval;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageSum;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Deployments that go to some nodes first, and those that are taken back. One control plane for all of it: a function host takes seconds. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class RolloutTest {
    private static final String ONE = "/v1/functions/cart";
    private static final String KEY = "function/default/cart";

    @TempDir
    private Path folder;

    private final TestStore kind;
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T10:00:00Z"));
    private final AtomicBoolean refusing = new AtomicBoolean();
    private StoreSettings store;
    private RunningControlPlane api;

    RolloutTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void begin() {
        store = kind.fresh();
        api = start();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aRolloutGoesOnOrBackByItself() {
        String token = api.nodeToken("edge-0");
        String canary = api.call("POST", "/v1/node-tokens")
                .json("{\"node\": \"edge-9\", \"groups\": [\"canary\"]}")
                .send()
                .expect(201)
                .json()
                .path("token")
                .textValue();
        for (String version : List.of("one", "two")) {
            api.call("PUT", ONE + "?activate=" + version.equals("one"))
                    .body(
                            "application/javascript",
                            "export default { async fetch() { return new Response('" + version + "') } }\n")
                    .send()
                    .expect(version.equals("one") ? 201 : 200);
        }
        TestNode node = node(token);
        assertThat(entry(node).deployment(List.of("canary")))
                .extracting(Deployed::version)
                .containsExactly(1);

        // Only nodes of the group have version 2; a control plane that begins anew goes on when the pause is over.
        deploy("{\"versions\": [{\"version\": 2, \"percent\": 100}], \"groups\": [\"canary\"], \"pause\": \"10m\"}");
        FunctionEntry staged = entry(node);
        assertThat(staged.deployment(List.of("canary")))
                .extracting(Deployed::version)
                .containsExactly(2);
        assertThat(staged.deployment(List.of("eu")))
                .extracting(Deployed::version)
                .containsExactly(1);
        api.call("PUT", ONE + "/vars").json("{\"MODE\": \"live\"}").send().expect(200);
        FunctionEntry changed = entry(node);
        assertThat(changed.deployment(List.of("canary")).getFirst().version()).isEqualTo(2);
        assertThat(changed.deployment(List.of("canary")).getFirst().manifest().vars())
                .containsEntry("MODE", "live");
        assertThat(rollout().path("state").textValue()).isEqualTo("staged");
        assertThat(function().path("deployment").path(0).path("version").intValue())
                .isEqualTo(1);
        node.close();
        api.close();
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(11)));
        api = start();
        node = node(token);
        // What no node of the groups has tried proves nothing.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!rollout().path("reason").isTextual()) {
            assertThat(System.nanoTime()).as("a reason").isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(rollout().path("reason").textValue()).isEqualTo("no node of its groups is connected");
        assertThat(rollout().path("state").textValue()).isEqualTo("staged");
        TestNode first = new TestNode(api.base(), canary, folder.resolve("first"), entry -> false);
        awaitVersion(node, 2);
        assertThat(rollout().path("state").textValue()).isEqualTo("done");
        assertThat(rollout().path("reason").isTextual()).isFalse();
        first.close();

        manual(node);
        goesBackWhenRunsFail(node);
        goesBackWhenANodeRefuses(node);
        mistakes();
        node.close();
    }

    private void manual(TestNode node) {
        deploy("{\"versions\": [{\"version\": 1, \"percent\": 100}], \"groups\": [\"canary\"]}");
        assertThat(entry(node).deployment(List.of()))
                .extracting(Deployed::version)
                .containsExactly(2);
        api.call("POST", ONE + "/rollout/continue").send().expect(200);
        assertThat(entry(node).deployment(List.of()))
                .extracting(Deployed::version)
                .containsExactly(1);
        api.call("POST", ONE + "/rollout/continue").send().expect(409);
        api.call("POST", ONE + "/rollout/abort").send().expect(409);
        deploy("{\"versions\": [{\"version\": 2, \"percent\": 100}], \"groups\": [\"canary\"], \"pause\": \"manual\"}");
        entry(node);
        api.call("POST", ONE + "/rollout/abort").send().expect(200);
        assertThat(entry(node).deployment(List.of("canary")))
                .extracting(Deployed::version)
                .containsExactly(1);
        assertThat(rollout().path("state").textValue()).isEqualTo("aborted");
    }

    private void goesBackWhenRunsFail(TestNode node) {
        deploy("{\"versions\": [{\"version\": 1, \"percent\": 90}, {\"version\": 2, \"percent\": 10}],"
                + " \"rollbackOn\": {\"errorRate\": 0.05, \"window\": \"30s\"}}");
        assertThat(entry(node).deployment(List.of())).hasSize(2);
        // Version 1 may fail as it likes, and a few runs of version 2 say nothing.
        CountingNode few = new CountingNode(List.of(batch("a", runs(1, 1, 50, 40), runs(2, 2, 9, 9))));
        node.counts(few);
        few.awaitTaken();
        assertThat(rollout().path("state").textValue()).isEqualTo("watching");
        CountingNode many = new CountingNode(List.of(batch("b", runs(1, 2, 21, 1))));
        node.counts(many);
        many.awaitTaken();
        awaitVersion(node, 1);
        JsonNode over = rollout();
        assertThat(over.path("state").textValue()).isEqualTo("rolled-back");
        assertThat(over.path("reason").textValue()).startsWith("10 of 30 runs of version 2 ended badly");
        JsonNode versions =
                api.call("GET", ONE + "/versions").send().expect(200).json();
        assertThat(versions.path("items").findValuesAsText("rolledBack").getFirst())
                .startsWith("10 of 30");
        String audit = api.call("GET", "/v1/audit").send().expect(200).text();
        assertThat(audit.split("rolled function cart back to version 1 at 100 %", -1))
                .hasSize(2);
    }

    private void goesBackWhenANodeRefuses(TestNode node) {
        refusing.set(true);
        deploy("{\"versions\": [{\"version\": 2, \"percent\": 100}], \"rollbackOn\": {\"errorRate\": 0.5}}");
        awaitVersion(node, 1);
        assertThat(rollout().path("reason").textValue()).isEqualTo("node edge-0 refused it: the test wants it so");
        refusing.set(false);
    }

    private void mistakes() {
        for (String wrong : List.of(
                "\"pause\": \"5m\"",
                "\"groups\": [\"canary\"], \"pause\": \"soon\"",
                "\"rollbackOn\": {\"errorRate\": 5}",
                "\"rollbackOn\": {\"errorRate\": 0.5, \"window\": \"1s\"}")) {
            api.call("POST", ONE + "/deployments")
                    .json("{\"versions\": [{\"version\": 2, \"percent\": 100}], " + wrong + "}")
                    .send()
                    .expect(422);
        }
        String same = api.call("POST", ONE + "/deployments")
                .json("{\"versions\": [{\"version\": 1, \"percent\": 100}], \"rollbackOn\": {\"errorRate\": 0.5}}")
                .send()
                .expect(422)
                .text();
        assertThat(same).contains("rollbackOn", "no traffic yet");
        String misspelt = api.call("POST", ONE + "/deployments")
                .json("{\"versions\": [{\"version\": 2, \"percent\": 100}], \"groups\": [\"canari\"]}")
                .send()
                .expect(422)
                .text();
        assertThat(misspelt).contains("groups[0]", "canari", "there are canary");
    }

    private RunningControlPlane start() {
        return RunningControlPlane.start(
                RunningControlPlane.on(
                        store,
                        RunningControlPlane.config(
                                folder.resolve("control-plane"), ApiLimits.defaults(), LogRetention.defaults(), 0)),
                now::get);
    }

    private TestNode node(String token) {
        return new TestNode(api.base(), token, folder.resolve("node"), entry -> refusing.get() && versionTwo(entry));
    }

    private static boolean versionTwo(LogEntry entry) {
        String value = entry.value();
        return entry.key().equals(KEY) && value != null && value.contains("\"version\":2");
    }

    private void deploy(String order) {
        api.call("POST", ONE + "/deployments").json(order).send().expect(200);
    }

    private static FunctionEntry entry(TestNode node) {
        return (FunctionEntry)
                Entry.decode(KEY, Objects.requireNonNull(node.await(KEY).value()));
    }

    /** Waits until this version alone has the traffic everywhere. */
    private static void awaitVersion(TestNode node, int version) {
        FunctionEntry entry = entry(node);
        while (entry.staged() != null
                || entry.deployment().size() > 1
                || entry.deployment().getFirst().version() != version) {
            entry = entry(node);
        }
    }

    private JsonNode function() {
        return api.call("GET", ONE).send().expect(200).json();
    }

    private JsonNode rollout() {
        JsonNode rollout = readRollout();
        // It goes on by itself, at times between two reads.
        assertThat(function().path("rollout")).isIn(rollout, readRollout());
        return rollout;
    }

    private JsonNode readRollout() {
        return api.call("GET", ONE + "/rollout").send().expect(200).json();
    }

    private UsageInterval runs(long sequence, int version, int runs, int errors) {
        UsageSum sum = new UsageSum()
                .add(UsageField.RUN_OK, runs - errors)
                .add(UsageField.RUN_THREW, errors)
                .took(3, runs);
        return new UsageInterval(
                sequence,
                now.get().toEpochMilli(),
                1_000,
                false,
                List.of(sum.row(UsageKey.function("default", "cart", version))));
    }
}
