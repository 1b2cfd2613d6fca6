package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.store.StoreSettings;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.SiteEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Documents that go to some nodes first. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class SiteRolloutTest {
    private static final String ONE = "/v1/sites/shop";
    private static final String KEY = "site/default/shop";
    private static final List<String> CANARY = List.of("canary");
    private static final List<String> OTHERS = List.of("region:eu");

    @TempDir
    private Path folder;

    private final TestStore kind;
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T10:00:00Z"));
    private StoreSettings store;
    private RunningControlPlane api;
    private String canary;

    SiteRolloutTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void begin() {
        store = kind.fresh();
        api = start();
        canary = api.call("POST", "/v1/node-tokens")
                .json("{\"node\": \"edge-9\", \"groups\": [\"canary\"]}")
                .send()
                .expect(201)
                .json()
                .path("token")
                .textValue();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private RunningControlPlane start() {
        return RunningControlPlane.start(
                RunningControlPlane.on(
                        store,
                        RunningControlPlane.config(
                                folder.resolve("control-plane"), ApiLimits.defaults(), LogRetention.defaults(), 0)),
                now::get);
    }

    private TestNode node() {
        return new TestNode(api.base(), canary, folder.resolve("edge-9"), SiteRolloutTest::isBad);
    }

    /** What the node refuses, as one without some ability would. */
    private static boolean isBad(LogEntry entry) {
        String value = entry.value();
        return entry.key().equals(KEY) && value != null && value.contains("staged") && value.contains("bad");
    }

    private static String document(String mark) {
        return "site: shop\nhosts: [shop.example]\nrules:\n  - {name: mark, do: [{respond: {status: 200, body: " + mark
                + "}}]}\n";
    }

    private Answer put(String query, String document) {
        return api.call("PUT", ONE + query).yaml(document).send();
    }

    private static SiteEntry entry(TestNode node) {
        return (SiteEntry)
                Entry.decode(KEY, Objects.requireNonNull(node.await(KEY).value()));
    }

    private JsonNode rollout() {
        return api.call("GET", ONE + "/rollout").send().expect(200).json();
    }

    private JsonNode awaitRollout(String state) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        JsonNode rollout = rollout();
        while (!rollout.path("state").textValue().equals(state)) {
            assertThat(System.nanoTime())
                    .as("waited in vain for %s: %s", state, rollout)
                    .isLessThan(end);
            LockSupport.parkNanos(20_000_000);
            rollout = rollout();
        }
        return rollout;
    }

    private String current() {
        return api.call("GET", ONE)
                .header("Accept", "application/yaml")
                .send()
                .expect(200)
                .text();
    }

    @Test
    void onlyNodesOfItsGroupsHaveItUntilItIsContinuedOrTakenBack() {
        TestNode node = node();
        put("", document("one")).expect(201);
        assertThat(entry(node).staged()).isNull();

        put("?groups=canary", document("two")).expect(200);
        SiteEntry staged = entry(node);
        assertThat(staged.at(CANARY).text()).isEqualTo(document("two"));
        assertThat(staged.at(CANARY).version()).isEqualTo(2);
        assertThat(staged.at(OTHERS).text()).isEqualTo(document("one"));
        assertThat(staged.at(OTHERS).version()).isEqualTo(1);
        assertThat(rollout().path("state").textValue()).isEqualTo("staged");
        assertThat(api.call("GET", ONE + "/status").send().expect(200).json().path("rollout"))
                .isEqualTo(rollout());
        assertThat(current()).isEqualTo(document("two"));

        // A better one takes its place at those nodes; the others still have what they had.
        put("?groups=canary&pause=manual", document("three")).expect(200);
        SiteEntry better = entry(node);
        assertThat(better.at(CANARY).text()).isEqualTo(document("three"));
        assertThat(better.at(OTHERS).text()).isEqualTo(document("one"));
        assertThat(rollout().path("before").intValue()).isEqualTo(1);

        Answer continued = api.call("POST", ONE + "/rollout/continue").send().expect(200);
        assertThat(continued.json().path("state").textValue()).isEqualTo("done");
        assertThat(continued.header("Verge-Version")).isEqualTo("3");
        SiteEntry everywhere = entry(node);
        assertThat(everywhere.staged()).isNull();
        assertThat(everywhere.text()).isEqualTo(document("three"));
        api.call("POST", ONE + "/rollout/continue").send().expect(409);
        api.call("POST", ONE + "/rollout/abort").send().expect(409);

        put("?groups=canary", document("four")).expect(200);
        entry(node);
        assertThat(api.call("POST", ONE + "/rollout/abort")
                        .send()
                        .expect(200)
                        .json()
                        .path("state")
                        .textValue())
                .isEqualTo("aborted");
        SiteEntry back = entry(node);
        assertThat(back.staged()).isNull();
        assertThat(back.text()).isEqualTo(document("three"));
        assertThat(back.version()).isEqualTo(5);
        assertThat(current()).isEqualTo(document("three"));

        // The same document for all nodes ends what some have first.
        put("?groups=canary", document("six")).expect(200);
        entry(node);
        put("", document("six")).expect(200);
        assertThat(entry(node).staged()).isNull();
        assertThat(rollout().path("state").textValue()).isEqualTo("superseded");
        String audit = api.call("GET", "/v1/audit").send().expect(200).text();
        assertThat(audit)
                .contains("first at the nodes of canary", "continued the rollout of version 3", "aborted the rollout");
        node.close();
    }

    @Test
    void itGoesOnWhenItsNodesHadItForItsPauseAndNotWhileNoneHasIt() {
        put("", document("one")).expect(201);
        put("?groups=canary&pause=10m", document("two")).expect(200);
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(11)));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (rollout().path("reason").isNull() || rollout().path("reason").isMissingNode()) {
            assertThat(System.nanoTime()).as("a reason").isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(rollout().path("reason").textValue()).isEqualTo("no node of its groups is connected");

        // Another control plane goes on where the first one was killed, once a node has it.
        api.close();
        api = start();
        TestNode node = node();
        awaitRollout("done");
        assertThat(current()).isEqualTo(document("two"));
        assertThat(api.call("GET", "/v1/audit").send().expect(200).text())
                .contains("continued the rollout of version 2 of site shop after its pause");
        node.close();
    }

    @Test
    void whatANodeOfItsGroupsRefusesIsTakenBack() {
        TestNode node = node();
        put("", document("one")).expect(201);
        entry(node);
        put("?groups=canary&pause=10m", document("bad")).expect(200);
        JsonNode over = awaitRollout("rolled-back");
        assertThat(over.path("reason").textValue()).isEqualTo("node edge-9 refused it: the test wants it so");
        assertThat(entry(node).text()).isEqualTo(document("one"));
        assertThat(current()).isEqualTo(document("one"));
        assertThat(api.call("GET", ONE).send().header("Verge-Version")).isEqualTo("3");
        node.close();
    }

    @Test
    void mistakesAreNamed() {
        assertThat(put("?groups=canary", document("one")).expect(422).text()).contains("groups", "is there already");
        put("", document("one")).expect(201);
        assertThat(put("?groups=canari", document("two")).expect(422).text())
                .contains("groups[0]", "canari", "there are canary");
        String many = IntStream.range(0, 65).mapToObj(i -> "g" + i).collect(Collectors.joining(","));
        assertThat(put("?groups=" + many, document("two")).expect(422).text()).contains("groups", "65", "at most 64");
        assertThat(put("?pause=5m", document("two")).expect(422).text()).contains("pause", "no groups");
        assertThat(put("?groups=canary&pause=soon", document("two")).expect(422).text())
                .contains("pause", "soon", "30d");
        assertThat(put("?groups=canary&pause=31d", document("two")).expect(422).text())
                .contains("31d");
        assertThat(put("?groups=canary", document("two").replace("shop.example", "other.example"))
                        .expect(422)
                        .text())
                .contains("\"hosts\"", "without groups");
        api.call("GET", ONE + "/rollout").send().expect(404);
        api.call("POST", ONE + "/rollout/abort").send().expect(409);
        assertThat(current()).isEqualTo(document("one"));
    }

    @Test
    void aSiteGoesWithItsRollout() {
        put("", document("one")).expect(201);
        put("?groups=canary", document("two")).expect(200);
        api.call("DELETE", ONE).send().expect(204);
        put("", document("one")).expect(201);
        api.call("GET", ONE + "/rollout").send().expect(404);
    }
}
