package dev.verge.control;

import static dev.verge.control.RunningControlPlane.join;
import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.LoadPoint;
import dev.verge.control.resource.NodeTokenOrder;
import dev.verge.control.resource.NodeView;
import dev.verge.control.resource.OriginHealth;
import dev.verge.control.resource.Outage;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.SiteOrigins.OriginAtNode;
import dev.verge.control.resource.WireJson;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.report.NodeLoad;
import dev.verge.sync.report.NodeReport;
import dev.verge.sync.report.OriginOutage;
import dev.verge.sync.report.OriginOutage.State;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What nodes tell of themselves, over config-sync's real client. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class ReportsTest {
    private static final String ORIGIN = "http://127.0.0.1:9001";
    private static final NodeLoad LOAD = new NodeLoad(0.25, 0.1, 300 << 20, 8L << 30, 12, 34.56789, 1 << 20, 2L << 30);

    private final TestStore kind;

    @TempDir
    private Path folder;

    private Vertx vertx;
    private RunningControlPlane api;
    private ApiClient client;

    ReportsTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        api = RunningControlPlane.start(folder.resolve("control-plane"), kind.fresh());
        client = ApiClient.create(vertx, api.base(), api.operator(), null);
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
        join(vertx.close());
    }

    @Test
    void howBusyANodeIsShowsNowAndOverTime() {
        try (TestNode node = node("edge-0")) {
            assertThat(only(join(client.nodes())).load()).as("nothing told yet").isNull();
            tell(node, new NodeReport(LOAD, List.of(), 0));
            LoadPoint load = await(() -> only(join(client.nodes())).load());
            assertThat(load.cpu()).isEqualTo(0.25);
            assertThat(load.requestsPerSecond()).isEqualTo(34.568);
            assertThat(load.memoryTotalBytes()).isEqualTo(8L << 30);
            assertThat(load.at()).isBetween(Instant.now().minusSeconds(60), Instant.now());
            JsonNode points = api.call("GET", "/v1/nodes/edge-0/load")
                    .send()
                    .expect(200)
                    .json()
                    .path("points");
            assertThat(points).hasSize(1);
            assertThat(points.path(0).path("connections").intValue()).isEqualTo(12);
        }
        await(() -> !only(join(client.nodes())).connected());
        assertThat(only(join(client.nodes())).load())
                .as("of a node that is away nobody knows")
                .isNull();
        join(client.deleteNode("edge-0"));
        api.call("GET", "/v1/nodes/edge-0/load").send().expect(404);
    }

    @Test
    void whoWatchesTheFleetIsToldWhenSomethingChanges() {
        try (TestNode node = node("edge-0");
                Stream<String> lines = api.call("GET", "/v1/fleet").lines().body()) {
            List<Integer> seen = new ArrayList<>();
            boolean told = lines.filter(line -> line.startsWith("data: {\"nodes\""))
                    .map(line -> WireJson.parse(line.substring("data: ".length()))
                            .path("nodes")
                            .path(0)
                            .path("load")
                            .path("connections")
                            .asInt(-1))
                    .peek(connections -> {
                        seen.add(connections);
                        if (connections == -1) {
                            tell(node, new NodeReport(LOAD, List.of(), 0));
                        }
                    })
                    .anyMatch(connections -> connections == 12);
            assertThat(told).isTrue();
            assertThat(seen).first().as("what holds at first").isEqualTo(-1);
        }
    }

    @Test
    void anOutageLastsFromOneReportToAnotherAndIsItsAccountsOwn() {
        String acme = api.token("acme", "reader", Scope.READ);
        join(client.applySite("shop", site("shop", "shop.example"), "application/yaml", null));
        try (TestNode node = node("edge-0")) {
            node.await("site/default/shop");
            assertThat(at().state()).as("the node tells nothing yet").isEqualTo(OriginHealth.UNKNOWN);
            tell(node, new NodeReport(LOAD, List.of(), 0));
            await(() -> at().state() == OriginHealth.UP);

            try (Stream<String> lines =
                    api.call("GET", "/v1/origins/live").lines().body()) {
                tell(node, new NodeReport(LOAD, List.of(out(State.DOWN, "status 503")), 0));
                JsonNode told = lines.filter(line -> line.startsWith("data: {\"outages\""))
                        .map(line -> WireJson.parse(line.substring("data: ".length()))
                                .path("outages"))
                        .filter(outages -> !outages.isEmpty())
                        .findFirst()
                        .orElseThrow();
                assertThat(told.path(0).path("reason").textValue()).isEqualTo("status 503");
            }
            assertThat(at().state()).isEqualTo(OriginHealth.DOWN);
            assertThat(at().reason()).isEqualTo("status 503");
            assertThat(at().since()).isNotNull();

            tell(node, new NodeReport(LOAD, List.of(out(State.EJECTED, null)), 0));
            await(() -> at().state() == OriginHealth.EJECTED);
            tell(node, new NodeReport(LOAD, List.of(), 0));
            await(() -> at().state() == OriginHealth.UP);

            List<Outage> outages = join(client.origins().outages("shop"));
            assertThat(outages).extracting(Outage::state).containsExactly(OriginHealth.EJECTED, OriginHealth.DOWN);
            assertThat(outages).allSatisfy(outage -> {
                assertThat(outage.until()).isAfterOrEqualTo(outage.since());
                assertThat(outage.origin()).isEqualTo(ORIGIN);
            });
            assertThat(outages.getLast().until()).isEqualTo(outages.getFirst().since());
            JsonNode page =
                    api.call("GET", "/v1/origins/outages?limit=1").send().json();
            assertThat(page.path("items").path(0).path("state").textValue()).isEqualTo("ejected");
            assertThat(api.call(
                                    "GET",
                                    "/v1/origins/outages?limit=1&cursor="
                                            + page.path("next").textValue())
                            .send()
                            .json()
                            .path("items")
                            .path(0)
                            .path("state")
                            .textValue())
                    .isEqualTo("down");

            for (String path : List.of("/v1/origins", "/v1/origins/outages")) {
                assertThat(api.call("GET", path).as(acme).send().expect(200).text())
                        .doesNotContain("9001");
            }
            api.call("GET", "/v1/origins?site=shop").as(acme).send().expect(404);
        }
        await(() -> at().state() == OriginHealth.UNKNOWN);
    }

    @Test
    void whatAReportLeavesOutMayLastAndWhatIsOfNoSiteIsNotKept() {
        join(client.applySite("shop", site("shop", "shop.example"), "application/yaml", null));
        try (TestNode node = node("edge-0")) {
            node.await("site/default/shop");
            OriginOutage none = new OriginOutage("acme", "gone", "app", ORIGIN, State.DOWN, "refused");
            tell(node, new NodeReport(LOAD, List.of(out(State.DOWN, "refused"), none), 0));
            await(() -> at().state() == OriginHealth.DOWN);
            tell(node, new NodeReport(LOAD, List.of(), 1));
            await(() -> metric("verge_node_reports_total{result=\"stored\"} 2"));
            node.tail().add(NodeReport.PLATFORM, NodeReport.CHANNEL, "{\"load\": {\"cpu\": 7}}");
            await(() -> metric("verge_node_reports_total{result=\"unreadable\"} 1"));
            assertThat(at().state()).isEqualTo(OriginHealth.DOWN);
            assertThat(join(client.origins().outages(null))).hasSize(1);
            assertThat(metric("verge_origin_outages 1")).isTrue();
        }
    }

    private boolean metric(String line) {
        String text = api.anonymous("GET", "/metrics").send().text();
        return text.lines().anyMatch(each -> each.equals(line) || each.equals(line + ".0"));
    }

    private static OriginOutage out(State state, @Nullable String reason) {
        return new OriginOutage("default", "shop", "app", ORIGIN, state, reason);
    }

    private OriginAtNode at() {
        return only(only(only(join(client.origins().list("shop"))).origins()).nodes());
    }

    private static <T> T only(List<T> all) {
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private void tell(TestNode node, NodeReport report) {
        await(() -> node.tail().watches(NodeReport.PLATFORM, NodeReport.CHANNEL));
        node.tail()
                .add(
                        NodeReport.PLATFORM,
                        NodeReport.CHANNEL,
                        RecordJson.write(report).toString());
    }

    private static void await(BooleanSupplier condition) {
        await(() -> condition.getAsBoolean() ? Boolean.TRUE : null);
    }

    private static <T> T await(Supplier<@Nullable T> value) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        T now = value.get();
        while (now == null) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(10_000_000);
            now = value.get();
        }
        return now;
    }

    private TestNode node(String name) {
        String token = join(client.createNodeToken(new NodeTokenOrder(name, List.of(), null)))
                .token();
        TestNode node = new TestNode(api.base(), token, folder.resolve(name), entry -> false);
        await(() -> join(client.nodes()).stream().anyMatch(NodeView::connected));
        return node;
    }
}
