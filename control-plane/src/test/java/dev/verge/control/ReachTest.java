package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.kv.KvLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.store.Database;
import dev.verge.control.store.DerivedRows;
import dev.verge.control.store.Session;
import dev.verge.control.store.StoreSettings;
import dev.verge.sync.log.LogEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions, namespaces and certificates are on the nodes of the sites that use them, and on no others. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class ReachTest {
    private static final String BOUNDARY = "xxBOUNDARYxx";

    @TempDir
    private Path folder;

    private final StoreSettings store;
    private RunningControlPlane api;
    private TestNode here;
    private TestNode there;

    ReachTest(TestStore kind) {
        this.store = kind.fresh();
    }

    @BeforeEach
    void start() {
        open();
        here = node("edge-0", "eu");
        there = node("edge-1", "lab");
    }

    private void open() {
        api = RunningControlPlane.start(
                RunningControlPlane.on(
                        store,
                        RunningControlPlane.config(
                                folder.resolve("control-plane"),
                                ApiLimits.defaults(),
                                LogRetention.defaults(),
                                0,
                                new KvLimits(1_000, 8 << 20, 1_000, 4 << 20))),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
        api.close();
    }

    @Test
    void aFunctionIsWhereItsSitesAreAndOnlyTheseNodesAreToldOf() {
        push("hello", "{}");
        assertThat(here.await("function/default/hello").value()).contains("\"hello\"");
        assertThat(there.await("function/default/hello").value())
                .as("nobody uses it yet")
                .contains("\"hello\"");

        place("shop", "eu", "hello");
        LogEntry moved = here.await("function/default/hello");
        LogEntry placed = here.await("site/default/shop");
        assertThat(moved.revision()).as("one commit").isEqualTo(placed.revision());
        assertThat(moved.value()).as("in the same hands").contains("\"hello\"");
        assertThat(there.await("function/default/hello").value()).as("gone").isNull();
        assertThat(nodes("functions/hello")).containsExactly("edge-0");

        // A new version goes to the same nodes, and a second site brings others.
        push("hello", "{\"vars\": {\"A\": \"1\"}}");
        assertThat(here.await("function/default/hello").value()).contains("\"A\"");
        assertThat(there.await("function/default/hello").value()).isNull();
        place("second", "lab", "hello");
        assertThat(there.await("function/default/hello").value()).contains("\"A\"");
        assertThat(nodes("functions/hello")).containsExactly("edge-0", "edge-1");

        api.call("DELETE", "/v1/sites/second").send().expect(204);
        assertThat(there.await("function/default/hello").value()).isNull();
        // A site that moves takes it along.
        place("shop", "lab", "hello");
        assertThat(there.await("function/default/hello").value()).contains("\"A\"");
        assertThat(nodes("functions/hello")).containsExactly("edge-1");
        // One that no site runs any more stays, and one of the same name made anew is everywhere.
        place("shop", "lab");
        assertThat(nodes("functions/hello")).containsExactly("edge-1");
        place("wide", "lab, eu", "hello");
        assertThat(nodes("functions/hello")).containsExactly("edge-0", "edge-1");
        api.call("DELETE", "/v1/sites/wide").send().expect(204);
        place("narrow", "lab", "hello");
        assertThat(nodes("functions/hello"))
                .as("left wide by a site that is gone")
                .containsExactly("edge-1");
        api.call("DELETE", "/v1/sites/narrow").send().expect(204);
        api.call("DELETE", "/v1/functions/hello").send().expect(204);
        push("hello", "{}");
        assertThat(nodes("functions/hello")).containsExactly("edge-0", "edge-1");
    }

    @Test
    void whatAFunctionCallsIsWhereItIs() {
        push("last", "{}");
        push("middle", "{\"services\": {\"NEXT\": \"last\", \"SELF\": \"middle\"}}");
        push("first", "{\"services\": {\"NEXT\": \"middle\"}}");
        place("shop", "eu", "first");
        for (String function : List.of("first", "middle", "last")) {
            assertThat(nodes("functions/" + function)).as(function).containsExactly("edge-0");
        }
        place("other", "lab", "middle");
        assertThat(nodes("functions/first")).containsExactly("edge-0");
        assertThat(nodes("functions/middle")).containsExactly("edge-0", "edge-1");
        assertThat(nodes("functions/last")).containsExactly("edge-0", "edge-1");
        // A service comes with the version that binds it, and goes with the last that did.
        push("extra", "{}");
        push("first", "{\"services\": {\"NEXT\": \"extra\"}}");
        assertThat(nodes("functions/extra")).containsExactly("edge-0");
        assertThat(nodes("functions/middle")).containsExactly("edge-1");
        assertThat(nodes("functions/last")).containsExactly("edge-1");
        place("other", "lab");
        Answer kept = api.call("DELETE", "/v1/functions/extra").send().expect(409);
        assertThat(kept.text()).contains("first");
        api.call("DELETE", "/v1/functions/middle").send().expect(204);
    }

    @Test
    void theKeysOfANamespaceFollowTheFunctionsThatHaveIt() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 230; i++) {
            keys.add("key-%03d".formatted(i));
        }
        keys.forEach(key -> api.call("PUT", "/v1/kv/prefs/" + key)
                .bytes(key.getBytes(StandardCharsets.UTF_8))
                .send()
                .expect(201));
        api.call("PUT", "/v1/kv/others/key").bytes(new byte[] {1}).send().expect(201);
        keys.forEach(key ->
                assertThat(there.await("kv/default/prefs/" + key).value()).isNotNull());
        there.await("kv/default/others/key");

        push("hello", "{\"kv\": {\"STORE\": \"prefs\"}}");
        place("shop", "eu", "hello");
        keys.forEach(key -> assertThat(there.await("kv/default/prefs/" + key).value())
                .as(key)
                .isNull());
        api.call("PUT", "/v1/kv/prefs/late").bytes(new byte[] {1}).send().expect(201);
        assertThat(here.await("kv/default/prefs/late").value()).isNotNull();
        assertThat(there.await("kv/default/prefs/late").value()).isNull();

        place("second", "lab", "hello");
        keys.forEach(key -> assertThat(there.await("kv/default/prefs/" + key).value())
                .as(key)
                .isNotNull());
        assertThat(there.await("kv/default/prefs/late").value()).isNotNull();
    }

    @Test
    void noMoreIsMovedAtOnceThanACommitHolds() {
        StringBuilder vars = new StringBuilder("{\"V0\": \"x\"");
        for (int i = 1; i < 100; i++) {
            vars.append(", \"V")
                    .append(i)
                    .append("\": \"")
                    .append("x".repeat(5_000))
                    .append('"');
        }
        vars.append('}');
        String[] functions = new String[9];
        for (int i = 0; i < functions.length; i++) {
            functions[i] = "heavy" + i;
            push(functions[i], "{}");
            api.call("PUT", "/v1/functions/" + functions[i] + "/vars")
                    .json(vars.toString())
                    .send()
                    .expect(200);
        }
        Answer refused = api.call("PUT", "/v1/sites/shop")
                .yaml(document("shop", "eu", functions))
                .send()
                .expect(409);
        assertThat(refused.text()).contains("9 functions", "4194304", "fewer sites");
        api.call("GET", "/v1/sites/shop").send().expect(404);
        assertThat(nodes("functions/heavy0")).containsExactly("edge-0", "edge-1");
        place("shop", "eu", "heavy0", "heavy1");
        assertThat(nodes("functions/heavy1")).containsExactly("edge-0");
    }

    @Test
    void aCertificateIsWhereItsSitesAre() {
        TestAuthority.Issued issued = new TestAuthority("Test Authority").issue("shop.example");
        api.call("PUT", "/v1/certificates/mine").json(issued.json()).send().expect(201);
        assertThat(there.await("certificate/default/mine").value()).isNotNull();
        api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "shop.example") + "tls: {certificate: mine}\nplacement: {groups: [eu]}\n")
                .send()
                .expect(201);
        assertThat(there.await("certificate/default/mine").value()).isNull();
        assertThat(nodes("certificates/mine")).containsExactly("edge-0");
        api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "shop.example") + "tls: {certificate: mine}\nplacement: {groups: [lab]}\n")
                .send()
                .expect(200);
        assertThat(there.await("certificate/default/mine").value()).isNotNull();
        api.call("DELETE", "/v1/sites/shop").send().expect(204);
        assertThat(nodes("certificates/mine")).containsExactly("edge-1");
        api.call("DELETE", "/v1/certificates/mine").send().expect(204);
    }

    @Test
    void rowsThatFollowFromTheLogAreMadeAnewFromIt() {
        push("last", "{\"kv\": {\"STORE\": \"prefs\"}}");
        push("first", "{\"services\": {\"NEXT\": \"last\"}}");
        place("shop", "eu", "first");
        place("everywhere", "", "last");
        api.close();
        try (Database database = Database.open(store, "", folder.resolve("control-plane"))) {
            List<String> before = database.read(ReachTest::derived);
            assertThat(before).hasSize(4);
            database.write(session -> {
                session.update("DELETE FROM function_use");
                session.update("UPDATE site SET placement = NULL");
                DerivedRows.fill(session);
                return true;
            });
            assertThat(database.read(ReachTest::derived)).isEqualTo(before);
        }
        open();
    }

    private static List<String> derived(Session session) {
        List<String> rows = new ArrayList<>(session.list(
                "SELECT name, placement FROM site ORDER BY name",
                row -> row.text("name") + " " + row.textOrNull("placement")));
        rows.addAll(session.list(
                "SELECT function, kind, name FROM function_use ORDER BY function, kind, name",
                row -> row.text("function") + " " + row.text("kind") + " " + row.text("name")));
        return rows;
    }

    private List<String> nodes(String path) {
        return api.call("GET", "/v1/" + path + "/status")
                .send()
                .expect(200)
                .json()
                .path("nodes")
                .valueStream()
                .map(line -> line.path("node").textValue())
                .toList();
    }

    private void place(String name, String group, String... functions) {
        Answer answer = api.call("PUT", "/v1/sites/" + name)
                .yaml(document(name, group, functions))
                .send();
        assertThat(answer.status()).as(answer.text()).isBetween(200, 201);
    }

    private static String document(String name, String group, String... functions) {
        StringBuilder text = new StringBuilder(site(name, name + ".example"));
        if (!group.isEmpty()) {
            text.append("placement: {groups: [").append(group).append("]}\n");
        }
        if (functions.length > 0) {
            text.append("functions:\n");
            for (String function : functions) {
                text.append("  ")
                        .append(function)
                        .append(": {function: ")
                        .append(function)
                        .append("}\n");
            }
        }
        return text.toString();
    }

    private void push(String name, String metadata) {
        String form = part("metadata", metadata)
                + part("main.js", "export default { fetch: () => new Response('" + name + "') }\n") + "--" + BOUNDARY
                + "--\r\n";
        Answer answer = api.call("PUT", "/v1/functions/" + name)
                .body("multipart/form-data; boundary=" + BOUNDARY, form)
                .send();
        assertThat(answer.status()).as(answer.text()).isBetween(200, 201);
    }

    private static String part(String name, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name
                + "\"\r\nContent-Type: application/javascript\r\n\r\n" + content + "\r\n";
    }

    private TestNode node(String name, String group) {
        JsonNode made = api.call("POST", "/v1/node-tokens")
                .json("{\"node\": \"" + name + "\", \"groups\": [\"" + group + "\"]}")
                .send()
                .expect(201)
                .json();
        return new TestNode(api.base(), made.path("token").textValue(), folder.resolve(name), entry -> false);
    }
}
