package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderField;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.order.SiteWarmup;
import dev.verge.sync.order.WarmupOrder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WarmupTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer origin;
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        origin = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        origin.createContext("/", exchange -> {
            StringBuilder request = new StringBuilder(exchange.getRequestURI() + "\n");
            exchange.getRequestHeaders()
                    .forEach((name, values) -> request.append(name)
                            .append(": ")
                            .append(values.getFirst())
                            .append('\n'));
            asked.add(request.toString().toLowerCase(Locale.ROOT));
            exchange.getResponseHeaders().add("Cache-Control", "max-age=60");
            byte[] content = ("content of " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        origin.start();
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1, shop.example]
                pools:
                  app: {origins: [{url: "http://127.0.0.1:%d"}]}
                rules:
                  - {name: closed, when: {path: /closed}, do: [{deny: {status: 403}}]}
                """.formatted(origin.getAddress().getPort()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.stop(0);
    }

    private List<String> asked(String path) {
        return asked.stream().filter(request -> request.startsWith(path + "\n")).toList();
    }

    private List<SiteWarmup.WarmupResult> warm(List<OrderField> headers, String... urls) {
        OrderResult result =
                installation.order(Order.warmup("w", "default", new WarmupOrder("shop", List.of(urls), headers)));
        assertThat(result.outcome()).isEqualTo("ok");
        String json = new String(Base64.getDecoder().decode(result.body()), StandardCharsets.UTF_8);
        return Binder.standard().bindText(json, SiteWarmup.class).orThrow().results();
    }

    @Test
    void theFirstClientAfterAWarmUpGetsAHit() {
        String[] paths = IntStream.range(0, 20).mapToObj(i -> "/page" + i).toArray(String[]::new);
        String[] urls =
                List.of(paths).stream().map(path -> "http://127.0.0.1" + path).toArray(String[]::new);
        for (SiteWarmup.WarmupResult result : warm(List.of(), urls)) {
            assertThat(result.status()).isEqualTo(200);
            assertThat(result.cacheStatus()).startsWith("verge; fwd=uri-miss").contains("stored");
            assertThat(result.bytes()).isGreaterThan(10);
            assertThat(result.reason()).isEmpty();
        }
        for (String path : paths) {
            assertThat(installation
                            .get(path)
                            .headers()
                            .firstValue("cache-status")
                            .orElse(""))
                    .startsWith("verge; hit");
            assertThat(asked(path)).hasSize(1);
        }
        assertThat(warm(List.of(), "http://127.0.0.1/page1"))
                .singleElement()
                .satisfies(again -> assertThat(again.cacheStatus()).startsWith("verge; hit"));
    }

    @Test
    void rulesHoldAndWhatIsNotTheSitesIsNotFetched() {
        List<SiteWarmup.WarmupResult> results = warm(
                List.of(new OrderField("Host", "other.example"), new OrderField("X-Token", "a")),
                "http://shop.example/closed",
                "http://other.example/",
                "/relative",
                "http://shop.example/open");
        assertThat(results).extracting(SiteWarmup.WarmupResult::status).containsExactly(403, 0, 0, 200);
        assertThat(results.get(1).reason()).contains("does not serve other.example");
        assertThat(results.get(2).reason()).contains("absolute");
        assertThat(asked("/closed")).isEmpty();
        assertThat(asked("/open"))
                .singleElement()
                .asString()
                .contains("x-token: a", "user-agent: verge-warmup", "\nhost: shop.example");
    }
}
