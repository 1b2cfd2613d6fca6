package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.resource.Scope;
import dev.verge.control.store.StoreSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every resource alike. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class ApiTest {
    private final TestStore kind;

    @TempDir
    private Path folder;

    private StoreSettings store;
    private RunningControlPlane api;

    ApiTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        store = kind.fresh();
        api = RunningControlPlane.start(folder, store);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void everyDescribedOperationExistsAndOnlyThose() {
        JsonNode paths =
                api.call("GET", "/v1/openapi.json").send().expect(200).json().path("paths");
        assertThat(paths.size()).isGreaterThan(20);
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            String target = "/v1" + path.getKey().replaceAll("\\{[a-z]+}", "absent");
            List<String> described =
                    path.getValue().propertyStream().map(Map.Entry::getKey).toList();
            for (String method : List.of("GET", "PUT", "POST", "DELETE", "PATCH")) {
                Answer answer = api.call(method, target).as("none").send();
                if (described.contains(method.toLowerCase(java.util.Locale.ROOT))) {
                    assertThat(answer.status()).as(method + " " + target).isEqualTo(401);
                } else {
                    assertThat(answer.status()).as(method + " " + target).isEqualTo(405);
                    assertThat(answer.header("Allow")).isNotEmpty();
                }
            }
        }
    }

    @Test
    void everyReferenceOfTheDescriptionLeadsSomewhere() {
        JsonNode root = api.call("GET", "/v1/openapi.json").send().expect(200).json();
        List<String> references = new ArrayList<>();
        root.path("paths").findValues("$ref").forEach(reference -> references.add(reference.textValue()));
        assertThat(references).isNotEmpty();
        for (String reference : references) {
            assertThat(root.at(reference.substring(1)).isObject()).as(reference).isTrue();
        }
        assertThat(root.path("components")
                        .path("schemas")
                        .path("SiteDocument")
                        .path("properties")
                        .has("pools"))
                .isTrue();
    }

    @Test
    void unknownPathsAreProblemsToo() {
        Answer absent = api.call("GET", "/v1/nothing").send().expect(404);
        assertThat(absent.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(absent.json().path("status").intValue()).isEqualTo(404);
        api.call("GET", "/nothing").send().expect(404);
    }

    @Test
    void bodiesOverTheLimitAndOfAnotherTypeAreRefused() {
        Answer large = api.call("PUT", "/v1/sites/shop")
                .yaml("#".repeat((1 << 20) + 1))
                .send();
        assertThat(large.status()).isEqualTo(413);
        Answer type = api.call("PUT", "/v1/sites/shop").body("text/html", "<p>").send();
        assertThat(type.status()).isEqualTo(415);
        // Nothing of a stranger's body is taken.
        api.call("PUT", "/v1/sites/shop")
                .as("none")
                .yaml("#".repeat(1 << 19))
                .send()
                .expect(401);
    }

    @Test
    void aRepeatedCallWithItsKeyIsDoneOnce() {
        api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "shop.example"))
                .send()
                .expect(201);
        Answer first = purge("key-1", "{\"everything\": true}").expect(202);
        Answer again = purge("key-1", "{\"everything\": true}").expect(202);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(purge("key-2", "{\"everything\": true}").expect(202).text()).isNotEqualTo(first.text());
        assertThat(purge("key-1", "{\"urls\": [\"/a\"]}").status()).isEqualTo(422);

        Answer token = api.call("POST", "/v1/tokens")
                .header("Idempotency-Key", "key-3")
                .json("{\"name\": \"once\", \"scopes\": [\"read\"]}")
                .send()
                .expect(201);
        Answer repeated = api.call("POST", "/v1/tokens")
                .header("Idempotency-Key", "key-3")
                .json("{\"name\": \"once\", \"scopes\": [\"read\"]}")
                .send()
                .expect(409);
        assertThat(repeated.text()).doesNotContain(token.json().path("token").textValue());
    }

    @Test
    void purgesNameWhatCouldNeverMatch() {
        api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "shop.example"))
                .send()
                .expect(201);
        Answer refused = purge("k1", "{\"urls\": [\"/fine\", \"https://other.example/\", \"no url\"]}")
                .expect(422);
        assertThat(refused.json().path("errors")).hasSize(2);
        purge("k2", "{\"urls\": [\"/a\"], \"tags\": [\"b\"]}").expect(422);
        purge("k3", "{}").expect(422);
        purge("k4", "{\"tags\": [\"a b\"]}").expect(422);
        api.call("POST", "/v1/sites/none/purge")
                .json("{\"everything\": true}")
                .send()
                .expect(404);
    }

    @Test
    void concurrentWritersGetRevisionsWithoutGaps() throws Exception {
        int writers = 8;
        int each = 10;
        List<Future<List<Long>>> done = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < writers; writer++) {
                int number = writer;
                Callable<List<Long>> work = () -> {
                    List<Long> revisions = new ArrayList<>();
                    for (int i = 0; i < each; i++) {
                        Answer stored = api.call("PUT", "/v1/sites/s" + number)
                                .yaml("# " + i + "\n" + site("s" + number, "s" + number + ".example"))
                                .send();
                        revisions.add(stored.json().path("revision").longValue());
                    }
                    return revisions;
                };
                done.add(threads.submit(work));
            }
        }
        List<Long> all = new ArrayList<>();
        for (Future<List<Long>> future : done) {
            assertThat(future.get()).isSorted();
            all.addAll(future.get());
        }
        assertThat(all).doesNotHaveDuplicates().hasSize(writers * each);
        assertThat(all.stream().mapToLong(Long::longValue).max()).hasValue(all.size());
        assertThat(all.stream().mapToLong(Long::longValue).min()).hasValue(1);
    }

    @Test
    void changesAreAuditedWithWhoWhatWhenAndFromWhere() {
        String deploy = api.token("acme", "deploy", Scope.ADMIN);
        api.call("PUT", "/v1/sites/shop")
                .as(deploy)
                .yaml(site("shop", "shop.example"))
                .send()
                .expect(201);
        api.call("PUT", "/v1/sites/shop")
                .as(deploy)
                .yaml(site("shop", "shop.example"))
                .send()
                .expect(200);
        JsonNode lines = api.call("GET", "/v1/audit")
                .as(deploy)
                .send()
                .expect(200)
                .json()
                .path("items");
        assertThat(lines).hasSize(1);
        JsonNode line = lines.get(0);
        assertThat(line.path("tokenName").textValue()).isEqualTo("deploy");
        assertThat(line.path("call").textValue()).isEqualTo("PUT /v1/sites/shop");
        assertThat(line.path("from").textValue()).isEqualTo("127.0.0.1");
        assertThat(line.path("change").textValue()).isEqualTo("stored version 1 of site shop");
        assertThat(line.path("revision").longValue()).isEqualTo(1);
    }

    @Test
    void aRestartKeepsEverything() {
        api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "shop.example"))
                .send()
                .expect(201);
        api.call("PUT", "/v1/sites/shop").yaml(site("shop", "b.example")).send().expect(200);
        String before = api.call("GET", "/v1/sites/shop").send().text();
        api.close();
        api = RunningControlPlane.start(folder, store);
        assertThat(api.call("GET", "/v1/sites/shop").send().expect(200).text()).isEqualTo(before);
        assertThat(api.call("GET", "/v1/sites/shop/versions").send().json().path("items"))
                .hasSize(2);
        Answer next = api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "c.example"))
                .send();
        assertThat(next.json().path("revision").longValue()).isEqualTo(3);
    }

    @Test
    void probesAndMetricsNeedNoToken() {
        api.call("GET", "/healthz").as("none").send().expect(200);
        assertThat(api.call("GET", "/readyz")
                        .as("none")
                        .send()
                        .expect(200)
                        .json()
                        .path("ready")
                        .booleanValue())
                .isTrue();
        api.call("GET", "/v1/whoami").send().expect(200);
        assertThat(api.call("GET", "/metrics").as("none").send().expect(200).text())
                .contains("verge_api_calls", "verge_log_revision");
    }

    private Answer purge(String key, String body) {
        return api.call("POST", "/v1/sites/shop/purge")
                .header("Idempotency-Key", key)
                .json(body)
                .send();
    }
}
