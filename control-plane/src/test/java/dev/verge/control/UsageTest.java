package dev.verge.control;

import static dev.verge.control.CountingNode.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.WireJson;
import dev.verge.control.store.StoreSettings;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageInterval;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageSum;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What nodes count, from the real client's end to the report. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class UsageTest {
    private static final Instant START = Instant.parse("2030-01-01T10:00:00Z");
    private static final UsageKey SITE = UsageKey.site("default", "shop");
    private static final UsageKey FUNCTION = UsageKey.function("default", "cart", 3);

    @TempDir
    private Path folder;

    private final TestStore kind;
    private StoreSettings store;
    private RunningControlPlane api;

    UsageTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        store = kind.fresh();
        api = open();
    }

    private RunningControlPlane open() {
        return RunningControlPlane.start(
                RunningControlPlane.on(
                        store,
                        RunningControlPlane.config(
                                folder.resolve("control-plane"), ApiLimits.defaults(), LogRetention.defaults(), 0)),
                () -> START.plusSeconds(3_600));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void everyIntervalCountsOnceHoweverOftenItComes() {
        String token = api.nodeToken("edge-0");
        CountingNode first = new CountingNode(List.of(
                batch("a", began(1, 0), requests(2, 1, 10), requests(3, 2, 5)),
                batch("a", requests(3, 2, 5), requests(4, 61, 1))));
        try (TestNode _ = node(token, "one", first)) {
            first.awaitTaken();
        }
        // Another control plane on the same store, and the node sends all of it again, with a little more.
        api.close();
        api = open();
        CountingNode again = new CountingNode(
                List.of(batch("a", requests(2, 1, 10), requests(3, 2, 5), requests(4, 61, 1), requests(5, 62, 4))));
        try (TestNode _ = node(token, "one", again)) {
            again.awaitTaken();
        }
        JsonNode sites = usage("by=site&step=1m").path("sites");
        assertThat(sites.findValuesAsText("requests")).containsExactly("15", "5");
        assertThat(sites.findValuesAsText("at")).containsExactly("2030-01-01T10:00:00Z", "2030-01-01T10:01:00Z");
        assertThat(usage("by=site").path("sites").path(0).path("requests").longValue())
                .isEqualTo(20);
        assertThat(usage("by=site").path("gaps")).isEmpty();
    }

    @Test
    void whatIsMissingIsToldAsAGap() {
        String token = api.nodeToken("edge-0");
        CountingNode node = new CountingNode(List.of(
                batch("a", began(1, 0), requests(2, 1, 1)),
                // Three intervals had to go for want of room.
                batch("a", requests(6, 9, 1)),
                // The process was killed, and another one began.
                batch("b", began(1, 20), new UsageInterval(2, at(21), 1_000, true, List.of())),
                // This one ended in order.
                batch("c", began(1, 40))));
        try (TestNode _ = node(token, "one", node)) {
            node.awaitTaken();
        }
        JsonNode gaps = usage("by=site").path("gaps");
        assertThat(gaps.findValuesAsText("reason")).containsExactly("dropped", "killed");
        assertThat(gaps.findValuesAsText("intervals")).containsExactly("3", "0");
        assertThat(gaps.path(1).path("from").textValue()).isEqualTo("2030-01-01T10:00:10Z");
        assertThat(gaps.path(1).path("to").textValue()).isEqualTo("2030-01-01T10:00:20Z");
    }

    @Test
    void aReportAddsUpRunsByVersionAndIsTheAccountsOwn() {
        String acme =
                api.token("acme", "reader", Scope.READ); // makes the account: usage of one that is not there is dropped
        String token = api.nodeToken("edge-0");
        UsageSum runs = new UsageSum()
                .add(UsageField.RUN_OK, 90)
                .add(UsageField.RUN_THREW, 9)
                .add(UsageField.RUN_CANCELLED, 1)
                .add(UsageField.CPU_MICROS, 1_234_567)
                .add(UsageField.MEBIBYTE_MILLIS, 128 * 8_000)
                .add(UsageField.COLD_STARTS, 2)
                .took(3, 98)
                .took(12, 2);
        CountingNode node = new CountingNode(List.of(batch(
                "a",
                new UsageInterval(
                        1,
                        at(5),
                        1_000,
                        false,
                        List.of(
                                runs.row(FUNCTION),
                                runs.row(UsageKey.function("default", "cart", 4)),
                                new UsageSum().add(UsageField.STATUS_5XX, 2).row(SITE),
                                new UsageSum()
                                        .add(UsageField.RUN_OK, 7)
                                        .row(UsageKey.function("acme", "secret", 1)))))));
        try (TestNode _ = node(token, "one", node)) {
            node.awaitTaken();
        }
        JsonNode report = usage("by=function");
        assertThat(report.path("functions").findValuesAsText("version")).containsExactly("3", "4");
        JsonNode line = report.path("functions").path(0);
        assertThat(line.path("runs").longValue()).isEqualTo(100);
        assertThat(line.path("errors").longValue()).isEqualTo(9);
        assertThat(line.path("outcomes").path("threw").longValue()).isEqualTo(9);
        assertThat(line.path("cpuMillis").doubleValue()).isEqualTo(1_234.567);
        assertThat(line.path("gbSeconds").doubleValue()).isEqualTo(1);
        assertThat(line.path("p50Millis").doubleValue()).isBetween(0.4, 0.8);
        assertThat(line.path("p99Millis").doubleValue()).isBetween(204.0, 410.0);
        JsonNode all = usage("by=account");
        assertThat(all.path("functions").path(0).path("runs").longValue()).isEqualTo(200);
        assertThat(all.path("sites").path(0).path("errors").longValue()).isEqualTo(2);

        String csv = api.call("GET", "/v1/usage?by=function&from=" + START)
                .header("Accept", "text/csv")
                .send()
                .expect(200)
                .text();
        assertThat(csv.lines().toList()).hasSize(3).first().asString().startsWith("at,function,version,runs,ok,threw");
        assertThat(csv).contains("2030-01-01T10:00:00Z,cart,3,100,90,9,");

        JsonNode theirs = api.call("GET", "/v1/usage?from=" + START)
                .as(acme)
                .send()
                .expect(200)
                .json();
        assertThat(theirs.path("functions").findValuesAsText("function")).containsExactly("secret");
        api.call("GET", "/v1/usage?account=default").as(acme).send().expect(404);
        api.call("GET", "/v1/functions/cart/usage").as(acme).send().expect(404);
        assertThat(api.call("GET", "/v1/usage?account=acme&from=" + START)
                        .send()
                        .expect(200)
                        .text())
                .contains("secret");
    }

    @Test
    void aMistakenQuestionNamesFieldAndFix() {
        String text = api.call("GET", "/v1/usage?from=yesterday&step=90s")
                .send()
                .expect(422)
                .text();
        assertThat(text).contains("\"path\":\"from\"", "RFC 3339", "\"path\":\"step\"", "1m, 1h or 1d");
        api.call("GET", "/v1/usage?by=node").send().expect(400);
        api.call("GET", "/v1/usage?format=xml").send().expect(400);
        api.call("GET", "/v1/sites/none/usage").send().expect(404);
    }

    @Test
    void trafficIsToldAsItHappensToWhoseItIs() {
        String token = api.nodeToken("edge-0");
        HttpResponse<Stream<String>> watched =
                api.call("GET", "/v1/traffic?site=shop").lines();
        assertThat(watched.statusCode()).isEqualTo(200);
        CountingNode node = new CountingNode(List.of(
                batch("a", began(1, 0)),
                batch(
                        "a",
                        new UsageInterval(
                                2,
                                at(1),
                                1_000,
                                false,
                                List.of(
                                        new UsageSum()
                                                .add(UsageField.STATUS_2XX, 8)
                                                .add(UsageField.HITS, 6)
                                                .took(2, 8)
                                                .row(SITE),
                                        new UsageSum()
                                                .add(UsageField.STATUS_2XX, 99)
                                                .row(UsageKey.site("acme", "shop")),
                                        new UsageSum().add(UsageField.RUN_OK, 5).row(FUNCTION))))));
        try (TestNode _ = node(token, "one", node);
                Stream<String> lines = watched.body()) {
            JsonNode told = lines.filter(line -> line.startsWith("data: {\"at\""))
                    .map(line -> WireJson.parse(line.substring("data: ".length())))
                    .filter(event -> !event.path("sites").isEmpty())
                    .findFirst()
                    .orElseThrow();
            assertThat(told.path("sites")).hasSize(1);
            assertThat(told.path("functions")).isEmpty();
            JsonNode shop = told.path("sites").path(0);
            assertThat(shop.path("requests").longValue()).isEqualTo(8);
            assertThat(shop.path("hits").longValue()).isEqualTo(6);
            assertThat(shop.path("p99Millis").doubleValue()).isBetween(0.2, 0.4);
        }
    }

    private TestNode node(String token, String name, CountingNode counts) {
        TestNode node = new TestNode(api.base(), token, folder.resolve(name), entry -> false);
        node.counts(counts);
        return node;
    }

    private JsonNode usage(String query) {
        return api.call("GET", "/v1/usage?from=" + START + "&" + query)
                .send()
                .expect(200)
                .json();
    }

    private static UsageInterval began(long sequence, int second) {
        return new UsageInterval(sequence, at(second), 0, false, List.of());
    }

    private static UsageInterval requests(long sequence, int second, long requests) {
        return new UsageInterval(
                sequence,
                at(second),
                1_000,
                false,
                List.of(new UsageSum().add(UsageField.STATUS_2XX, requests).row(SITE)));
    }

    private static long at(int second) {
        return START.plusSeconds(second).toEpochMilli();
    }
}
