package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.FunctionBundle;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.AccountEntry;
import dev.verge.sync.log.AccountQuotas;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.Staged;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderRequest;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageInterval;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageSum;
import io.vertx.core.Future;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node counts, and what it holds against an account's quotas. */
final class UsageTest {
    private static final UsageKey SHOP = UsageKey.site("default", "shop");
    private static final String DOCUMENT = """
            site: shop
            hosts: ["127.0.0.1"]
            pools: {app: {origins: [{url: "http://127.0.0.1:1"}]}}
            functions: {hello: {function: hello}}
            rules:
              - {name: plain, when: {path: /plain}, do: [{respond: {status: 200, body: "0123456789"}}]}
              - {name: gone, when: {path: /gone}, do: [{respond: {status: 404, body: ""}}]}
              - {name: hello, when: {path: "/hello*"}, do: [{run: hello}]}
            """;
    private static final String FUNCTION = """
            export default {
              async fetch(request) {
                if (new URL(request.url).pathname === "/hello-bad") throw new Error("bad");
                await request.text();
                return new Response("hello, world");
              },
            };
            """;

    /** What the control plane has, by run of the node's process. */
    private final Map<String, Map<Long, UsageInterval>> taken = new TreeMap<>();

    @Test
    void everyRequestAndRunIsCountedAndQuotasHold(@TempDir Path data) {
        try (Installation node = new Installation(data, "functions: {spareHosts: 1}", Seams.NONE, List.of("canary"))) {
            node.onUsage((from, usage) -> {
                synchronized (taken) {
                    Map<Long, UsageInterval> run = taken.computeIfAbsent(usage.boot(), key -> new TreeMap<>());
                    usage.intervals().forEach(each -> run.put(each.sequence(), each));
                }
                return Future.succeededFuture();
            });
            Installation.until("a host", () -> metrics(node).contains("\nverge_functions_spares 1.0"));
            node.publishFunction("hello", FUNCTION);
            node.publish(DOCUMENT);
            assertThat(node.getMany("/plain", 20)).allMatch(answer -> answer.statusCode() == 200);
            assertThat(node.get("/gone").statusCode()).isEqualTo(404);
            assertThat(node.send(node.request("/hello")
                                    .POST(BodyPublishers.ofString("12345"))
                                    .build())
                            .body())
                    .isEqualTo("hello, world");
            assertThat(node.get("/hello-bad").statusCode()).isEqualTo(500);
            Installation.until("all requests", () -> sum(SHOP).get(UsageField.STATUSES) >= 23);
            UsageSum shop = sum(SHOP);
            assertThat(shop.get(UsageField.STATUS_2XX)).isEqualTo(21);
            assertThat(shop.get(UsageField.STATUS_4XX)).isEqualTo(1);
            assertThat(shop.get(UsageField.STATUS_5XX)).isEqualTo(1);
            assertThat(shop.get(UsageField.BYTES_OUT)).isGreaterThanOrEqualTo(20 * 10 + 12);
            assertThat(shop.get(UsageField.BYTES_IN)).isEqualTo(5);
            assertThat(shop.latencies().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(23);
            UsageKey hello = UsageKey.function("default", "hello", 1);
            awaitSum(hello, UsageField.RUN_THREW, 1);
            UsageSum runs = sum(hello);
            assertThat(runs.get(UsageField.RUN_OK)).isEqualTo(1);
            assertThat(runs.get(UsageField.CPU_MICROS)).isPositive();
            assertThat(runs.get(UsageField.MEBIBYTE_MILLIS)).isGreaterThanOrEqualTo(128);
            assertThat(runs.get(UsageField.BYTES_IN)).isEqualTo(5);
            assertThat(runs.get(UsageField.BYTES_OUT)).isEqualTo(12);
            assertThat(runs.get(UsageField.COLD_STARTS)).isPositive();

            quotasHold(node);
            stagedDeploymentsReachTheNodesOfTheirGroups(node);
            lastWords(node);
        }
    }

    private static void stagedDeploymentsReachTheNodesOfTheirGroups(Installation node) {
        Deployed one = version(node, 101, "one");
        Deployed two = version(node, 102, "two");
        for (String group : List.of("canary", "eu")) {
            node.applied(node.log.commit(new FunctionEntry(
                    "default", "hello", "f1", List.of(one), new Staged(List.of(group), List.of(two)))));
            assertThat(node.get("/hello").body()).isEqualTo(group.equals("canary") ? "two" : "one");
        }
    }

    private static Deployed version(Installation node, int number, String text) {
        FunctionBundle bundle =
                FunctionBundle.ofSource("export default { async fetch() { return new Response('" + text + "') } }\n");
        node.log.blob(bundle.sha256(), bundle.toBytes());
        return new Deployed(number, 100, bundle.sha256(), FunctionManifest.defaults());
    }

    private static String metrics(Installation node) {
        return node.send(java.net.http.HttpRequest.newBuilder(node.admin("/metrics"))
                        .build())
                .body();
    }

    private void quotasHold(Installation node) {
        limit(node, new AccountQuotas(3, null, null, null));
        List<HttpResponse<String>> many = node.getMany("/plain", 30);
        HttpResponse<String> refused = many.stream()
                .filter(answer -> answer.statusCode() != 200)
                .findFirst()
                .orElseThrow();
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        assertThat(many.stream().filter(answer -> answer.statusCode() == 200).count())
                .isBetween(3L, 20L);

        limit(node, new AccountQuotas(null, 1, null, null));
        assertThat(node.getMany("/hello", 12).stream().map(HttpResponse::statusCode))
                .contains(200, 429);
        OrderResult order = node.order(Order.invoke(
                "0", "default", "hello", 1, null, new OrderRequest("GET", "http://127.0.0.1/", List.of(), "")));
        assertThat(List.of("ok", "not-run")).contains(order.outcome());

        limit(node, new AccountQuotas(null, null, Duration.ofMillis(1), null));
        Installation.until("CPU time to be used up", () -> node.get("/hello").statusCode() == 429);
        assertThat(node.get("/plain").statusCode()).isEqualTo(200);

        limit(node, new AccountQuotas(null, null, null, 1));
        assertThat(node.getMany("/hello", 12).stream().map(HttpResponse::statusCode))
                .contains(200, 429);

        limit(node, AccountQuotas.NONE);
        assertThat(node.getMany("/hello", 12)).allMatch(answer -> answer.statusCode() == 200);
        String metrics = metrics(node);
        for (String word : List.of("requests", "function-runs", "function-cpu", "concurrent-functions")) {
            assertThat(metrics)
                    .containsPattern("verge_quota_refused_total\\{quota=\"" + word + "\"\\} [1-9]")
                    .containsPattern("verge_errors_total\\{error=\"quota-" + word + "\"\\} [1-9]");
        }
    }

    /** A node that ends in order hands over all of it, at the latest when it begins again. */
    private void lastWords(Installation node) {
        long before = sum(SHOP).get(UsageField.STATUS_4XX);
        assertThat(node.get("/gone").statusCode()).isEqualTo(404);
        node.stop();
        node.start();
        Installation.until("the last interval of the first run", () -> {
            synchronized (taken) {
                return taken.size() == 2
                        && taken.values().iterator().next().values().stream().anyMatch(UsageInterval::last);
            }
        });
        assertThat(sum(SHOP).get(UsageField.STATUS_4XX)).isGreaterThan(before);
        synchronized (taken) {
            List<Long> first = List.copyOf(taken.values().iterator().next().keySet());
            assertThat(first.getLast() - first.getFirst()).isEqualTo(first.size() - 1);
        }
    }

    private static void limit(Installation node, AccountQuotas quotas) {
        node.applied(node.log.commit(new AccountEntry("default", quotas)));
    }

    private void awaitSum(UsageKey key, UsageField field, long wanted) {
        Installation.until(field + " of " + key, () -> sum(key).get(field) >= wanted);
    }

    private UsageSum sum(UsageKey key) {
        Map<UsageKey, UsageSum> sums = new HashMap<>();
        synchronized (taken) {
            taken.values()
                    .forEach(run -> run.values()
                            .forEach(interval -> interval.rows()
                                    .forEach(row -> sums.computeIfAbsent(row.key(), absent -> new UsageSum())
                                            .add(row))));
        }
        return sums.getOrDefault(key, new UsageSum());
    }
}
