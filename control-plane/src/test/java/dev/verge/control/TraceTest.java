package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.resource.Scope;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.log.Keys;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderField;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.order.SiteTrace;
import dev.verge.sync.order.TraceOrder;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceTest {
    private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();

    private Future<OrderResult> carryOut(Order order) {
        orders.add(order);
        SiteTrace trace = new SiteTrace(
                "shop",
                1,
                "GET",
                "https",
                "shop.example",
                "/a",
                List.of(new SiteTrace.RuleStep("r", "request", "not-matched", "path: /a is not /b")),
                "pass",
                200,
                null,
                null,
                false,
                "app",
                "/a",
                List.of(),
                List.of(),
                List.of(),
                false,
                null,
                "key",
                "miss: nothing is stored under the key (RFC 9111 §4)",
                List.of("random-two among 1: http://127.0.0.1:9001"));
        String json = RecordJson.write(trace).toString();
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

    @Test
    void aNodeAnswersForTheSitesOwnerAlone(@TempDir Path folder) {
        try (RunningControlPlane api = RunningControlPlane.start(folder.resolve("control-plane"))) {
            api.call("PUT", "/v1/sites/shop")
                    .yaml(site("shop", "shop.example"))
                    .send()
                    .expect(201);
            String body =
                    "{\"url\": \"https://shop.example/a\", \"headers\": {\"X-A\": \"b\"}, \"clientIp\": \"192.0.2.7\"}";
            api.call("POST", "/v1/sites/shop/trace").json(body).send().expect(503);
            try (TestNode node = new TestNode(
                    api.base(), api.nodeToken("n1"), folder.resolve("node"), entry -> false, this::carryOut)) {
                node.await(Keys.site("default", "shop"));
                Answer answer = api.call("POST", "/v1/sites/shop/trace")
                        .json(body)
                        .send()
                        .expect(200);
                assertThat(answer.header("Verge-Node")).isEqualTo("n1");
                assertThat(answer.json().path("pool").textValue()).isEqualTo("app");
                assertThat(answer.json().path("rules").path(0).path("why").textValue())
                        .isEqualTo("path: /a is not /b");
                assertThat(answer.json().path("decision").textValue()).contains("RFC 9111 §4");
                assertThat(answer.json().path("origins").size()).isEqualTo(1);
                assertThat(orders.element().trace())
                        .isEqualTo(new TraceOrder(
                                "shop",
                                "GET",
                                "https://shop.example/a",
                                List.of(new OrderField("X-A", "b")),
                                "192.0.2.7",
                                200));

                api.call("POST", "/v1/sites/shop/trace")
                        .json("{\"url\": \"/a\"}")
                        .send()
                        .expect(422);
                api.call("POST", "/v1/sites/none/trace").json(body).send().expect(404);
                String reader = api.token("default", "reader", Scope.READ);
                api.call("POST", "/v1/sites/shop/trace")
                        .as(reader)
                        .json(body)
                        .send()
                        .expect(200);
            }
        }
    }
}
