package dev.verge.control;

import static dev.verge.control.RunningControlPlane.join;
import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.client.ApiClient;
import dev.verge.control.client.Applied;
import dev.verge.control.client.FunctionUpload;
import dev.verge.control.resource.NodeStanding;
import dev.verge.control.resource.NodeTokenOrder;
import dev.verge.control.resource.NodeView;
import dev.verge.control.resource.PurgeOrder;
import dev.verge.control.resource.PurgeStarted;
import dev.verge.control.resource.PurgeState;
import dev.verge.control.resource.Pushed;
import dev.verge.control.resource.Status;
import dev.verge.control.store.StoreSettings;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.PurgeEntry;
import dev.verge.sync.log.SiteEntry;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What reaches nodes, and what they answer, over config-sync's real client. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class NodesTest {
    private final StoreSettings store;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HELLO = "export default { async fetch(request) { return new Response('hello') } }\n";

    @TempDir
    private Path folder;

    private Vertx vertx;
    private RunningControlPlane api;
    private ApiClient client;

    NodesTest(TestStore kind) {
        this.store = kind.fresh();
    }

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        api = RunningControlPlane.start(folder.resolve("control-plane"), store);
        client = ApiClient.create(vertx, api.base(), api.operator(), null);
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
        join(vertx.close());
    }

    @Test
    void aChangeReachesANodeAndItsAnswerShowsInTheStatus() {
        try (TestNode node = node("edge-0", entry -> false)) {
            String text = site("shop", "shop.example");
            Applied applied = join(client.applySite("shop", text, "application/yaml", null));
            assertThat(applied.created()).isTrue();
            LogEntry entry = node.await("site/default/shop");
            assertThat(((SiteEntry) decode(entry)).text()).isEqualTo(text);
            Status status = join(client.awaitStatus(() -> client.siteStatus("shop"), applied.revision(), PATIENCE));
            assertThat(status.revision()).isEqualTo(applied.revision());
            assertThat(status.nodes()).singleElement().satisfies(line -> {
                assertThat(line.node()).isEqualTo("edge-0");
                assertThat(line.connected()).isTrue();
                assertThat(line.state()).isEqualTo(NodeStanding.State.APPLIED);
                assertThat(line.since()).isNotNull();
            });

            join(client.deleteSite("shop", applied.etag()));
            assertThat(node.await("site/default/shop").value()).isNull();
        }
    }

    @Test
    void aRefusalShowsWithItsReasonUntilTheNextGoodVersion() {
        try (TestNode node =
                node("edge-0", entry -> entry.value() != null && entry.value().contains("bad.example"))) {
            Applied bad = join(client.applySite("shop", site("shop", "bad.example"), "application/yaml", null));
            Status refused = join(client.awaitStatus(() -> client.siteStatus("shop"), bad.revision(), PATIENCE));
            assertThat(refused.nodes()).singleElement().satisfies(line -> {
                assertThat(line.state()).isEqualTo(NodeStanding.State.REFUSED);
                assertThat(line.reason()).isEqualTo("the test wants it so");
            });
            NodeView view = join(client.nodes()).getFirst();
            assertThat(view.refused()).containsEntry("site/default/shop", "the test wants it so");

            Applied good = join(client.applySite("shop", site("shop", "good.example"), "application/yaml", null));
            node.await("site/default/shop");
            Status applied = join(client.awaitStatus(() -> client.siteStatus("shop"), good.revision(), PATIENCE));
            assertThat(applied.nodes())
                    .singleElement()
                    .satisfies(line -> assertThat(line.state()).isEqualTo(NodeStanding.State.APPLIED));
        }
    }

    @Test
    void aFunctionReachesANodeWithItsCode() {
        try (TestNode node = node("edge-0", entry -> false)) {
            Pushed pushed = join(client.pushFunction("hello", FunctionUpload.of(HELLO), true));
            assertThat(pushed.version()).isEqualTo(1);
            FunctionEntry entry = (FunctionEntry) decode(node.await("function/default/hello"));
            assertThat(entry.deployment()).singleElement().satisfies(deployed -> {
                assertThat(deployed.percent()).isEqualTo(100);
                assertThat(deployed.sha256()).isEqualTo(pushed.sha256());
            });
            FunctionBundle bundle = FunctionBundle.parse(node.blob(pushed.sha256()));
            assertThat(new String(bundle.module("main.js"), StandardCharsets.UTF_8))
                    .isEqualTo(HELLO);

            join(client.of("hello").setVars(Map.of("COLOUR", "blue")));
            FunctionEntry withVars = (FunctionEntry) decode(node.await("function/default/hello"));
            assertThat(withVars.deployment().getFirst().manifest().vars()).containsEntry("COLOUR", "blue");
        }
    }

    @Test
    void aPurgeIsDoneWhenEveryConnectedNodeHasDoneItAndNamesThoseThatAreAway() {
        join(client.applySite("shop", site("shop", "shop.example"), "application/yaml", null));
        TestNode away = node("edge-1", entry -> false);
        away.await("site/default/shop");
        away.close();
        awaitDisconnected("edge-1");
        try (TestNode node = node("edge-0", entry -> false)) {
            PurgeStarted started =
                    join(client.startPurge("shop", PurgeOrder.urls(List.of("/a", "https://shop.example/b"), true)));
            PurgeEntry entry = (PurgeEntry) decode(node.awaitKind("purge/"));
            assertThat(entry.id()).isEqualTo(started.id());
            assertThat(entry.soft()).isTrue();
            PurgeState state = join(client.awaitPurge(() -> client.purge(started.id()), PATIENCE));
            assertThat(state.state()).isEqualTo(PurgeState.State.DONE);
            assertThat(state.nodes()).hasSize(2);
            assertThat(state.nodes().getFirst().state()).isEqualTo(PurgeState.NodeDone.DONE);
            assertThat(state.nodes().getFirst().doneAt()).isNotNull();
            assertThat(state.nodes().getLast().state()).isEqualTo(PurgeState.NodeDone.PENDING);
            assertThat(state.nodes().getLast().connected()).isFalse();
        }
    }

    @Test
    void whatNodesAnsweredIsKnownAfterARestart() {
        Applied applied;
        try (TestNode node = node("edge-0", entry -> false)) {
            applied = join(client.applySite("shop", site("shop", "shop.example"), "application/yaml", null));
            node.await("site/default/shop");
            join(client.awaitStatus(() -> client.siteStatus("shop"), applied.revision(), PATIENCE));
        }
        stop();
        start();
        Status status = join(client.siteStatus("shop"));
        assertThat(status.revision()).isEqualTo(applied.revision());
        assertThat(status.nodes()).singleElement().satisfies(line -> {
            assertThat(line.connected()).isFalse();
            assertThat(line.state()).isEqualTo(NodeStanding.State.APPLIED);
        });
    }

    @Test
    void aDrainOrderReachesItsNodeAndAGoneNodeCanBeForgotten() {
        try (TestNode node = node("edge-0", entry -> false)) {
            assertThat(join(client.drainNode("edge-0")).drain()).isTrue();
            assertThat(node.await("order/edge-0").value()).contains("true");
            assertThat(join(client.undrainNode("edge-0")).drain()).isFalse();
        }
        awaitDisconnected("edge-0");
        join(client.deleteNode("edge-0"));
        assertThat(join(client.nodes())).isEmpty();
        assertThat(join(client.nodeTokens())).isEmpty();
    }

    @Test
    void revokingATokenEndsItsNodesStreamForGood() {
        try (TestNode node = node("edge-0", entry -> false)) {
            join(client.deleteNodeToken(join(client.nodeTokens()).getFirst().id()));
            awaitDisconnected("edge-0");
            join(client.applySite("shop", site("shop", "shop.example"), "application/yaml", null));
            assertThat(join(client.siteStatus("shop")).nodes())
                    .singleElement()
                    .satisfies(line -> assertThat(line.connected()).isFalse());
            assertThat(node).isNotNull();
        }
    }

    @Test
    void aDeletedNodeIsCutOffAtOnce() {
        try (TestNode node = node("edge-0", entry -> false)) {
            join(client.deleteNode("edge-0"));
            node.awaitCut();
            assertThat(join(client.nodes())).isEmpty();
        }
    }

    @Test
    void nodesFollowASigningKeyToTheNextAndRefuseTheRetiredOne() {
        try (TestNode node = node("edge-0", entry -> false)) {
            join(client.applySite("shop", site("shop", "one.example"), "application/yaml", null));
            node.await("site/default/shop");
            assertThat(api.call("POST", "/v1/signing-keys")
                            .send()
                            .expect(201)
                            .json()
                            .path("number")
                            .intValue())
                    .isEqualTo(2);
            node.await("signing/2");
            join(client.applySite("shop", site("shop", "two.example"), "application/yaml", null));
            node.await("site/default/shop");
            api.call("DELETE", "/v1/signing-keys/2").send().expect(409);
            api.call("DELETE", "/v1/signing-keys/1").send().expect(204);
            assertThat(node.await("signing/1").value()).contains("\"retired\":true");
            join(client.applySite("shop", site("shop", "three.example"), "application/yaml", null));
            node.await("site/default/shop");
            assertThat(node.distrusted()).isZero();
        }
        // One that comes now begins from the first key that is shown, and believes the next by its word.
        try (TestNode late = node("edge-1", entry -> false)) {
            late.await("site/default/shop");
        }
    }

    @Test
    void aSiteIsOnTheNodesOfItsPlacementOnlyAndOnlyTheseAreWaitedFor() {
        try (TestNode here = node("edge-0", entry -> false);
                TestNode there = new TestNode(
                        api.base(),
                        join(client.createNodeToken(new NodeTokenOrder("edge-1", List.of("lab"), null, "us")))
                                .token(),
                        folder.resolve("edge-1"),
                        entry -> false)) {
            awaitConnected("edge-1");
            String placed = site("shop", "shop.example") + "placement: {groups: [eu]}\n";
            Applied applied = join(client.applySite("shop", placed, "application/yaml", null));
            here.await("site/default/shop");
            Status status = join(client.awaitStatus(() -> client.siteStatus("shop"), applied.revision(), PATIENCE));
            assertThat(status.nodes())
                    .singleElement()
                    .satisfies(line -> assertThat(line.node()).isEqualTo("edge-0"));
            String moved = site("shop", "shop.example") + "placement: {regions: [us]}\n";
            join(client.applySite("shop", moved, "application/yaml", applied.etag()));
            assertThat(here.await("site/default/shop").value()).as("gone").isNull();
            assertThat(there.await("site/default/shop").value())
                    .as("never had it")
                    .isNull();
            assertThat(there.await("site/default/shop").value()).contains("shop.example");
            assertThat(join(client.nodes()).getLast().region()).isEqualTo("us");
            assertThat(api.call("PUT", "/v1/sites/typo")
                            .yaml(site("typo", "typo.example") + "placement: {groups: [eu, labb], regions: [su]}\n")
                            .send()
                            .expect(422)
                            .text())
                    .contains("placement.groups[1]", "there are eu, lab", "placement.regions[0]", "there are us")
                    .doesNotContain("placement.groups[0]");
        }
    }

    private void awaitConnected(String name) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (join(client.nodes()).stream().noneMatch(node -> node.node().equals(name) && node.connected())) {
            assertThat(System.nanoTime()).as("%s does not connect", name).isLessThan(end);
        }
    }

    private void awaitDisconnected(String name) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (join(client.nodes()).stream().anyMatch(node -> node.node().equals(name) && node.connected())) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private TestNode node(String name, Predicate<LogEntry> refused) {
        String token = join(client.createNodeToken(new NodeTokenOrder(name, List.of("eu"), null)))
                .token();
        TestNode node = new TestNode(api.base(), token, folder.resolve(name), refused);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (join(client.nodes()).stream().noneMatch(view -> view.node().equals(name) && view.connected())) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
        return node;
    }

    private static Entry decode(LogEntry entry) {
        String value = entry.value();
        assertThat(value).isNotNull();
        return Entry.decode(entry.key(), value == null ? "" : value);
    }
}
