package dev.verge.node;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.verge.node.config.NodeConfig;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.NodeOrder;
import dev.verge.sync.log.SiteEntry;
import dev.verge.sync.log.StagedDocument;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    private final WireMockServer origin =
            new WireMockServer(options().dynamicPort().containerThreads(40));
    private Installation installation;

    @TempDir
    Path data;

    @BeforeEach
    void start() {
        origin.start();
        origin.stubFor(any(anyUrl())
                .willReturn(
                        aResponse().withHeader("Cache-Control", "max-age=60").withBody("ok")));
        installation = new Installation(data, "limits: {drain: 5s}");
    }

    @AfterEach
    void stop() {
        installation.close();
        origin.stop();
    }

    private String document(String mark) {
        return """
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                rules:
                  - {name: mark, when: {path: /**}, do: [{setResponseHeader: {X-Mark: "%s"}}]}
                """.formatted(origin.port(), mark);
    }

    private JsonObject readiness() {
        return new JsonObject(installation
                .send(HttpRequest.newBuilder(installation.admin("/readyz")).build())
                .body());
    }

    @Test
    void dropsNoRequestWhileTheSiteChanges() {
        installation.publish(document("v0"));
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Integer>> load = java.util.stream.IntStream.range(0, 8)
                .mapToObj(client -> CompletableFuture.supplyAsync(() -> {
                    int failures = 0;
                    for (int i = 0; !over.get(); i++) {
                        failures +=
                                installation.get("/load/" + client + "/" + i).statusCode() == 200 ? 0 : 1;
                    }
                    return failures;
                }))
                .toList();

        for (int version = 1; version <= 20; version++) {
            installation.publish(document("v" + version));
            assertThat(installation.get("/check").headers().firstValue("x-mark"))
                    .contains("v" + version);
        }
        over.set(true);

        assertThat(load).allSatisfy(client -> assertThat(client.join()).isZero());
    }

    @Test
    void refusesADocumentThatCannotBeCompiledAndServesTheOldOne() {
        installation.publish(document("good"));

        installation.applied(installation.log.commit(
                new SiteEntry("default", "shop", "i1", 99, "site: shop\nhosts: []\nnonsense: 1\n")));

        assertThat(installation.get("/").headers().firstValue("x-mark")).contains("good");
        assertThat(readiness().getJsonObject("refused").getString("site/default/shop"))
                .contains("nonsense");
    }

    @Test
    void aDocumentThatSomeNodesHaveFirstIsTheirsAloneAndStaysSoAfterARestartWithoutTheControlPlane() {
        for (List<String> groups : List.of(List.of("eu"), List.of("canary"))) {
            String mark = groups.contains("canary") ? "tried" : "usual";
            Path folder = data.resolve(mark);
            try (Installation node = new Installation(folder, "limits: {drain: 5s}", Seams.NONE, groups)) {
                node.applied(node.log.commit(new SiteEntry(
                        "default",
                        "shop",
                        "i1",
                        1,
                        document("usual"),
                        new StagedDocument(List.of("canary"), 2, document("tried")))));
                assertThat(node.get("/").headers().firstValue("x-mark")).contains(mark);

                node.stop();
                node.loseControlPlane();
                node.start();
                assertThat(node.get("/").headers().firstValue("x-mark")).contains(mark);
            }
        }
    }

    @Test
    void aFunctionForASharedProcessIsRefusedWhereThatIsNotAllowed() {
        installation.publishFunction(
                "alone",
                "export default { fetch: () => new Response('x') }",
                FunctionManifest.read("isolation: shared").orThrow(),
                Map.of());
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                functions: {alone: {function: alone}}
                rules: [{name: run, when: {path: "/**"}, do: [{run: alone}]}]
                """.formatted(origin.port()));

        assertThat(readiness().getJsonObject("refused").getString("function/default/alone"))
                .contains("isolation", "functions.allowShared: true");
        assertThat(installation.get("/").statusCode()).isEqualTo(503);
    }

    @Test
    void forgetsASiteThatIsDeleted() {
        installation.publish(document("here"));
        Map<String, String> deletion = new HashMap<>();
        deletion.put(Keys.site("default", "shop"), null);

        installation.applied(installation.log.commit(deletion));

        assertThat(installation.get("/").statusCode()).isEqualTo(421);
    }

    @Test
    void servesFromDiskAfterARestartWithoutTheControlPlane() {
        installation.publish(document("kept"));
        installation.get("/stored");
        installation.stop();
        installation.loseControlPlane();
        origin.resetAll();

        installation.start();
        HttpResponse<String> hit = installation.get("/stored");

        assertThat(hit.statusCode()).isEqualTo(200);
        assertThat(hit.body()).isEqualTo("ok");
        assertThat(Installation.cacheStatus(hit)).contains("hit");
        assertThat(hit.headers().firstValue("x-mark")).contains("kept");
        assertThat(readiness().getString("sync")).isEqualTo("behind");
        assertThat(readiness().getBoolean("ready")).isTrue();
        assertThat(readiness().getString("disk")).isEqualTo("working");
    }

    @Test
    void finishesRequestsUnderWayWhenItDrains() {
        installation.publish(document("v"));
        origin.stubFor(any(anyUrl()).willReturn(aResponse().withFixedDelay(800).withBody("late")));
        CompletableFuture<HttpResponse<String>> underWay = installation.client.sendAsync(
                installation.request("/late").build(), HttpResponse.BodyHandlers.ofString());
        Installation.until(
                "the request at the origin",
                () -> !origin.getAllServeEvents().isEmpty()
                        || metric("verge_requests_active").equals("1.0"));

        installation.stop();

        assertThat(underWay.join().body()).isEqualTo("late");
    }

    @Test
    void goesOutOfServiceAndBackByOrder() {
        installation.publish(document("v"));
        installation.applied(installation.log.commit(new NodeOrder("n", true)));
        HttpResponse<String> drained = installation.get("/");

        assertThat(readiness().getBoolean("ready")).isFalse();
        assertThat(drained.statusCode()).isEqualTo(200);
        assertThat(drained.headers().firstValue("connection")).contains("close");

        installation.applied(installation.log.commit(new NodeOrder("n", false)));
        assertThat(readiness().getBoolean("ready")).isTrue();
    }

    @Test
    void saysWhichPortIsTakenAndWhichFolder() {
        NodeConfig running = installation.node().config();
        JsonObject settings = new JsonObject(RecordJson.write(running).toString());
        settings.put("controlPlane", new JsonObject());
        NodeConfig sameFolder = bind(settings);
        settings.put("data", data.resolve("other").toString());
        settings.put(
                "http",
                new JsonObject()
                        .put("listen", "127.0.0.1:" + installation.node().httpPort()));
        NodeConfig samePort = bind(settings);

        assertThatThrownBy(() -> EdgeNode.start(sameFolder).await())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("data: ")
                .hasMessageContaining("in use by another node");
        assertThatThrownBy(() -> EdgeNode.start(samePort).await())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("http.listen: cannot listen on 127.0.0.1:"
                        + installation.node().httpPort());
    }

    private static NodeConfig bind(JsonObject settings) {
        return Binder.standard().bindText(settings.encode(), NodeConfig.class).orThrow();
    }

    private String metric(String name) {
        return installation
                .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }
}
