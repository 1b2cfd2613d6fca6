package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.resource.Scope;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.log.Keys;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.order.SiteWarmup;
import dev.verge.sync.order.WarmupOrder;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WarmupTest {

    private static Future<OrderResult> fetch(Order order) {
        WarmupOrder warmup = Objects.requireNonNull(order.warmup());
        String json = RecordJson.write(new SiteWarmup(warmup.urls().stream()
                        .map(url ->
                                new SiteWarmup.WarmupResult(200, "verge; fwd=uri-miss; stored", url.length(), 3, ""))
                        .toList()))
                .toString();
        return Future.succeededFuture(new OrderResult(
                "ok",
                0,
                200,
                List.of(),
                Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)),
                false,
                0,
                0,
                ""));
    }

    private static String urls(String... urls) {
        return List.of(urls).stream().collect(Collectors.joining("\", \"", "{\"urls\": [\"", "\"]}"));
    }

    @Test
    void everyLiveNodeAnswersForEachUrlAndOneThatDrainsIsLeftAlone(@TempDir Path folder) {
        try (RunningControlPlane api = RunningControlPlane.start(folder.resolve("control-plane"))) {
            api.call("PUT", "/v1/sites/shop")
                    .yaml(site("shop", "shop.example, \"*.shop.example\""))
                    .send()
                    .expect(201);
            String path = "/v1/sites/shop/warmup";
            String good = urls("https://a.shop.example/1?x=y", "http://b.shop.example:8080/2");
            assertThat(api.call("POST", path).json(good).send().expect(503).text())
                    .contains("No node that serves the site is connected");
            try (TestNode one = new TestNode(
                            api.base(), api.nodeToken("n1"), folder.resolve("1"), entry -> false, WarmupTest::fetch);
                    TestNode two = new TestNode(
                            api.base(),
                            api.nodeToken("n2"),
                            folder.resolve("2"),
                            entry -> false,
                            order -> Future.failedFuture("its disk is full"));
                    TestNode drained = new TestNode(
                            api.base(), api.nodeToken("n3"), folder.resolve("3"), entry -> false, WarmupTest::fetch)) {
                api.call("POST", "/v1/nodes/n3/drain").send().expect(202);
                for (TestNode node : List.of(one, two, drained)) {
                    node.await(Keys.site("default", "shop"));
                }
                String purger = api.token("default", "purger", Scope.PURGE);
                JsonNode report = api.call("POST", path)
                        .as(purger)
                        .json(good)
                        .send()
                        .expect(200)
                        .json();
                assertThat(report.path("urls")).hasSize(2);
                assertThat(report.path("nodes")).hasSize(2);
                assertThat(report.at("/nodes/0/node").textValue()).isEqualTo("n1");
                assertThat(report.at("/nodes/0/results/1/cacheStatus").textValue())
                        .contains("stored");
                assertThat(report.at("/nodes/1/reason").textValue()).contains("its disk is full");

                JsonNode both = api.call("POST", path)
                        .json(urls("/app.js?v=1", "https://a.shop.example/1"))
                        .send()
                        .expect(200)
                        .json();
                assertThat(both.path("urls"))
                        .extracting(JsonNode::textValue)
                        .containsExactly(
                                "https://shop.example/app.js?v=1",
                                "http://shop.example/app.js?v=1",
                                "https://a.shop.example/1");
                assertThat(both.at("/nodes/0/results")).hasSize(3);

                assertThat(api.call("POST", path)
                                .json(urls("https://other.example/", "https://a.shop.example/%"))
                                .send()
                                .expect(422)
                                .text())
                        .contains("urls[0]", "the site does not have this host", "urls[1]", "percent-encode");
                api.call("POST", path).json("{\"urls\": []}").send().expect(422);
                String[] many = IntStream.rangeClosed(0, WarmupOrder.MOST_URLS)
                        .mapToObj(i -> "https://a.shop.example/" + i)
                        .toArray(String[]::new);
                api.call("POST", path).json(urls(many)).send().expect(422);
                String reader = api.token("default", "reader", Scope.READ);
                api.call("POST", path).as(reader).json(good).send().expect(403);
            }
        }
    }
}
