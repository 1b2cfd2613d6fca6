package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.sync.live.LiveRecord;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.Secret;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderField;
import dev.verge.sync.order.OrderResult;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a function is given besides its code, its schedules and direct calls: over the API, up to what reaches a node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FunctionBindingsTest {
    private static final String CODE = "export default { async fetch(request) { return new Response('%s') } }\n";
    private static final String BOUNDARY = "xxBOUNDARYxx";

    private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
    private Path folder;
    private RunningControlPlane api;
    private TestNode node;
    private Deployed first;

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        api = RunningControlPlane.start(
                RunningControlPlane.config(
                        folder.resolve("control-plane"), ApiLimits.defaults(), LogRetention.defaults(), 0),
                Clock.systemUTC());
        node = new TestNode(
                api.base(), api.nodeToken("first-node"), folder.resolve("node"), entry -> false, this::carryOut);
        form(
                        "one",
                        "{\"kv\": {\"STORE\": \"prefs\"}, \"services\": {\"SELF\": \"one\"}, \"vars\": {\"A\": \"1\"},"
                                + " \"egress\": [\"api.example\", \"*.cdn.example\"]}",
                        Map.of("main.js", CODE.formatted("one")))
                .expect(201);
        first = deployed("one");
    }

    @AfterAll
    void stop() {
        node.close();
        api.close();
    }

    private Future<OrderResult> carryOut(Order order) {
        orders.add(order);
        if (order.request() != null && order.request().url().endsWith("/absent")) {
            return Future.succeededFuture(OrderResult.notRun("it is not here"));
        }
        String body = order.request() == null
                ? ""
                : new String(Base64.getDecoder().decode(order.request().body()), StandardCharsets.UTF_8);
        return Future.succeededFuture(new OrderResult(
                order.kind() == Order.Kind.SCHEDULED ? "ok" : "threw",
                3,
                order.kind() == Order.Kind.SCHEDULED ? 0 : 418,
                List.of(
                        new OrderField("content-type", "text/plain"),
                        new OrderField("x-two", "a"),
                        new OrderField("x-two", "b"),
                        new OrderField("set-cookie", "s=1"),
                        new OrderField("x-split", "a\r\nb: c")),
                Base64.getEncoder().encodeToString(("echo " + body).getBytes(StandardCharsets.UTF_8)),
                false,
                1500,
                2500,
                ""));
    }

    @Test
    void everyMistakeInMetadataAndModulesIsToldAtOnce() {
        Answer refused = form("wrong", """
                        {"main": "absent.js", "colour": 1, "limits": {"cpu": "9h", "subrequests": 5000},
                         "egress": ["https://a.example/"], "kv": {"STORE": "Bad Name", "1X": "ok"},
                         "services": {"OTHER": "nobody-pushed", "STORE": "wrong"}, "vars": {"STORE": "x", "__proto__": "y"}}""", Map.of("main.js", CODE.formatted("x"), "../up.js", "x"))
                .expect(422);
        List<String> paths = refused.json().path("errors").findValuesAsText("path");
        assertThat(paths)
                .contains(
                        "colour",
                        "limits.cpu",
                        "limits.subrequests",
                        "egress[0]",
                        "main",
                        "modules[\"../up.js\"]",
                        "kv.STORE",
                        "services.OTHER",
                        "vars.STORE",
                        "vars.__proto__");
        refused.json().path("errors").forEach(error -> {
            assertThat(error.path("rule").textValue()).isNotEmpty();
            assertThat(error.path("fix").textValue()).isNotEmpty();
        });
        api.call("GET", "/v1/functions/wrong").send().expect(404);
    }

    @Test
    void bindingsReachTheNodeWithTheVersion() {
        assertThat(first.manifest().kv()).containsExactly(Map.entry("STORE", "prefs"));
        assertThat(first.manifest().services()).containsExactly(Map.entry("SELF", "one"));
        assertThat(first.manifest().egress()).hasSize(2);
        form("two", "{\"services\": {\"OTHER\": \"one\"}}", Map.of("main.js", CODE.formatted("two")))
                .expect(201);
        Answer refused = api.call("DELETE", "/v1/functions/one").send().expect(409);
        assertThat(refused.text()).contains("two");
    }

    @Test
    void aSecretReachesTheNodeAndNothingElse() throws IOException {
        String before = "first-hunter2-value";
        api.call("PUT", "/v1/functions/one/secrets/API_KEY")
                .json("{\"value\": \"" + before + "\"}")
                .send()
                .expect(201);
        Deployed with = deployedWith("API_KEY", before);
        assertThat(with.toString()).doesNotContain(before);
        String second = "second-hunter2-välue";
        api.call("PUT", "/v1/functions/one/secrets/API_KEY")
                .json("{\"value\": \"" + second + "\"}")
                .send()
                .expect(200);
        assertThat(deployedWith("API_KEY", second).version()).isEqualTo(with.version());

        for (String path : List.of(
                "/v1/functions/one",
                "/v1/functions/one/secrets",
                "/v1/functions/one/secrets/API_KEY",
                "/v1/functions/one/vars",
                "/v1/audit")) {
            String text = api.call("GET", path).send().expect(200).text();
            assertThat(text).doesNotContain("hunter2");
            if (!path.endsWith("/vars")) {
                assertThat(text).contains("API_KEY");
            }
        }
        try (Stream<Path> files = Files.walk(folder.resolve("control-plane"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("hunter2");
            }
        }

        api.call("DELETE", "/v1/functions/one/secrets/API_KEY").send().expect(204);
        assertThat(deployed("one").secrets()).doesNotContainKey("API_KEY");
        api.call("GET", "/v1/functions/one/secrets/API_KEY").send().expect(404);
        Answer empty = api.call("PUT", "/v1/functions/one/secrets/API_KEY")
                .json("{\"value\": \"\", \"hunter2\": 1}")
                .send()
                .expect(422);
        assertThat(empty.json().path("errors")).hasSize(2);
    }

    @Test
    void aNameInEnvIsOfOneThingOnly() {
        Answer refused = api.call("PUT", "/v1/functions/one/secrets/A")
                .json("{\"value\": \"x\"}")
                .send()
                .expect(422);
        assertThat(refused.text()).doesNotContain("\"value\":\"x\"");
        api.call("GET", "/v1/functions/one/secrets/A").send().expect(404);
        api.call("PUT", "/v1/functions/one/secrets/B")
                .json("{\"value\": \"x\"}")
                .send()
                .expect(201);
        api.call("PUT", "/v1/functions/one/vars").json("{\"B\": \"x\"}").send().expect(422);
        form("one", "{\"kv\": {\"B\": \"prefs\"}}", Map.of("main.js", CODE.formatted("x")))
                .expect(422);
    }

    @Test
    void aDirectCallIsAnsweredByTheFunction() {
        orders.clear();
        Answer answer = api.call("POST", "/v1/functions/one/invoke?method=PATCH&url=/cart%3Fid%3D1")
                .header("X-Mine", "yes")
                .body("text/plain", "body")
                .send()
                .expect(418);
        assertThat(answer.text()).isEqualTo("echo body");
        assertThat(answer.header("Verge-Outcome")).isEqualTo("threw");
        assertThat(answer.header("Verge-Node")).isEqualTo("first-node");
        assertThat(answer.header("Verge-Version")).isEqualTo("3");
        assertThat(answer.header("x-two")).isEqualTo("a, b");
        assertThat(answer.header("set-cookie")).isEmpty();
        assertThat(answer.header("x-split")).isEmpty();
        assertThat(answer.header("Content-Security-Policy")).isEqualTo("sandbox");
        Order order = Objects.requireNonNull(orders.poll());
        assertThat(order.version()).isNull();
        assertThat(order.code()).isNull();
        assertThat(Objects.requireNonNull(order.request()).method()).isEqualTo("PATCH");
        assertThat(order.request().url()).endsWith("/cart?id=1");
        List<String> names =
                order.request().headers().stream().map(OrderField::name).toList();
        assertThat(names).contains("x-mine", "content-type").doesNotContain("authorization", "host");

        api.call("POST", "/v1/functions/one/invoke?url=ftp://x").send().expect(400);
        api.call("POST", "/v1/functions/one/invoke?version=9").send().expect(404);
        api.call("POST", "/v1/functions/nobody/invoke").send().expect(404);
        api.call("POST", "/v1/functions/one/invoke")
                .bytes(new byte[(1 << 20) + 1])
                .send()
                .expect(413);
    }

    @Test
    void aDirectCallReachesAVersionWithoutTraffic() {
        api.call("PUT", "/v1/functions/one/secrets/KEY")
                .json("{\"value\": \"v\"}")
                .send()
                .expect(201);
        api.call("PUT", "/v1/functions/one?activate=false")
                .body("application/javascript", CODE.formatted("second"))
                .send()
                .expect(200);
        orders.clear();
        api.call("POST", "/v1/functions/one/invoke?version=2").send().expect(418);
        Deployed code =
                Objects.requireNonNull(Objects.requireNonNull(orders.poll()).code());
        assertThat(code.version()).isEqualTo(2);
        assertThat(code.percent()).isZero();
        assertThat(Objects.requireNonNull(code.secrets().get("KEY")).reveal()).isEqualTo("v");
        assertThat(new String(node.blob(code.sha256()), StandardCharsets.UTF_8)).contains("second");
    }

    @Test
    void whereNoNodeRunsItTheCallIsNotAvailable() {
        Answer refused =
                api.call("POST", "/v1/functions/one/invoke?url=/absent").send().expect(503);
        assertThat(refused.text()).contains("it is not here");
        assertThat(refused.header("Retry-After")).isNotEmpty();
    }

    @Test
    void aScheduleIsFiredOncePerMinuteAndRecorded() {
        String path = "/v1/functions/one/schedules";
        Answer refused = api.call("PUT", path)
                .json("[\"61 * * * *\", \"* * * * *\", \"*  * * * *\"]")
                .send()
                .expect(422);
        assertThat(refused.json().path("errors").findValuesAsText("path")).containsExactly("[0].minute", "[2]");
        api.call("PUT", path).json("[\"*/5 * * * *\", \"0 0 1 1 *\"]").send().expect(200);
        assertThat(api.call("GET", path).send().json().toString()).isEqualTo("[\"*/5 * * * *\",\"0 0 1 1 *\"]");

        orders.clear();
        Instant due =
                Instant.now().truncatedTo(java.time.temporal.ChronoUnit.HOURS).plusSeconds(3600 + 300);
        api.fireSchedules(due.plusSeconds(7));
        api.fireSchedules(due.plusSeconds(40));
        api.fireSchedules(due.plusSeconds(60));
        List<Order> fired = orders.stream()
                .filter(order -> order.kind() == Order.Kind.SCHEDULED)
                .toList();
        assertThat(fired).hasSize(1);
        assertThat(fired.getFirst().cron()).isEqualTo("*/5 * * * *");
        assertThat(fired.getFirst().scheduledTime()).isEqualTo(due.toEpochMilli());

        JsonNode runs =
                api.call("GET", path + "/runs").send().expect(200).json().path("items");
        assertThat(runs).hasSize(1);
        assertThat(runs.get(0).path("node").textValue()).isEqualTo("first-node");
        assertThat(runs.get(0).path("outcome").textValue()).isEqualTo("ok");
        assertThat(runs.get(0).path("dueAt").textValue())
                .startsWith(due.toString().substring(0, 16));

        JsonNode now = api.call("POST", path + "/runs")
                .json("{\"cron\": \"by hand\"}")
                .send()
                .expect(200)
                .json();
        assertThat(now.path("outcome").textValue()).isEqualTo("ok");
        assertThat(api.call("GET", path + "/runs").send().json().path("items")).hasSize(2);
    }

    @Test
    void aRunReachesThoseWhoWatchItAndNobodyElse() {
        assertThat(node.tail().watches("default", "one")).isFalse();
        api.call("GET", "/v1/functions/nobody/logs").send().expect(404);
        try (Stream<String> lines =
                api.call("GET", "/v1/functions/one/logs").lines().body()) {
            awaitWatched("one", true);
            assertThat(node.tail().watches("default", "two")).isFalse();
            node.tail().add("default", "one", "{\"outcome\":\"ok\"}");
            node.tail().add("default", "one", "x".repeat(LiveRecord.MAX_JSON + 1));
            List<String> told = lines.filter(line -> line.startsWith("event") || line.startsWith("data"))
                    .limit(4)
                    .toList();
            assertThat(told)
                    .containsExactlyInAnyOrder(
                            "event: run",
                            "data: {\"node\":\"first-node\",\"run\":{\"outcome\":\"ok\"}}",
                            "event: dropped",
                            "data: {\"node\":\"first-node\",\"records\":1}");
        }
        awaitWatched("one", false);
    }

    @Test
    void aRequestReachesThoseWhoWatchItsSite() {
        api.call("PUT", "/v1/sites/watched")
                .body("application/yaml", RunningControlPlane.site("watched", "watched.example"))
                .send()
                .expect(201);
        api.call("GET", "/v1/sites/nobody/logs").send().expect(404);
        try (Stream<String> lines =
                api.call("GET", "/v1/sites/watched/logs").lines().body()) {
            awaitWatched("@watched", true);
            node.tail().add("default", "@watched", "{\"status\":200}");
            assertThat(lines.filter(line -> line.startsWith("event") || line.startsWith("data"))
                            .limit(2))
                    .containsExactly("event: request", "data: {\"node\":\"first-node\",\"request\":{\"status\":200}}");
        }
        awaitWatched("@watched", false);
    }

    private void awaitWatched(String name, boolean watched) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (node.tail().watches("default", name) != watched) {
            assertThat(System.nanoTime()).as("not watched so in time").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private Deployed deployed(String name) {
        var entry = node.await("function/default/" + name);
        return ((FunctionEntry) Entry.decode(entry.key(), String.valueOf(entry.value())))
                .deployment()
                .getFirst();
    }

    /** The first entry that has the secret so, however many others come before it. */
    private Deployed deployedWith(String secret, String value) {
        while (true) {
            Deployed deployed = deployed("one");
            if (Secret.of(value).equals(deployed.secrets().get(secret))) {
                return deployed;
            }
        }
    }

    private Answer form(String name, String metadata, Map<String, String> modules) {
        StringBuilder form = new StringBuilder(part("metadata", metadata));
        modules.forEach((module, code) -> form.append(part(module, code)));
        return api.call("PUT", "/v1/functions/" + name)
                .body("multipart/form-data; boundary=" + BOUNDARY, form + "--" + BOUNDARY + "--\r\n")
                .send();
    }

    private static String part(String name, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name
                + "\"\r\nContent-Type: application/javascript\r\n\r\n" + content + "\r\n";
    }
}
