package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.resource.Scope;
import dev.verge.sync.client.OrderHandler;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.FunctionEntry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What operators let functions have: a process shared with other accounts' functions, and how much of each limit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FunctionAllowanceTest {
    private static final String BOUNDARY = "xxBOUNDARYxx";
    private static final String CODE = "export default { fetch: () => new Response('x') }\n";

    private Path folder;
    private RunningControlPlane api;
    private String developer;

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        api = RunningControlPlane.start(
                RunningControlPlane.config(
                        folder.resolve("control-plane"), ApiLimits.defaults(), LogRetention.defaults(), 0),
                Clock.systemUTC());
        developer = api.token("dev", "d", Scope.FUNCTIONS_WRITE);
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @Test
    void aSharedProcessNeedsAnOperatorAndANodeThatAllowsIt() {
        assertThat(push("/v1/functions/both", developer, "{\"isolation\": \"shared\"}")
                        .expect(403)
                        .text())
                .contains("operator");
        // An operator for the developer's account, while no node runs such functions.
        String path = "/v1/functions/both?account=dev";
        assertThat(push(path, null, "{\"isolation\": \"shared\"}").expect(403).text())
                .contains("functions.allowShared: true");
        try (TestNode node = node(true)) {
            awaitConnected(true);
            push(path, null, "{\"isolation\": \"shared\"}").expect(201);
            assertThat(deployed(node, "both").manifest().shared()).isTrue();
            push("/v1/functions/both", developer, "{}").expect(200);
            for (String[] again : new String[][] {
                {"rollback", "{\"version\": 1}"},
                {"deployments", "{\"versions\": [{\"version\": 1, \"percent\": 100}]}"}
            }) {
                assertThat(api.call("POST", "/v1/functions/both/" + again[0])
                                .as(developer)
                                .json(again[1])
                                .send()
                                .expect(403)
                                .text())
                        .contains("operator");
            }
            api.call("POST", "/v1/functions/both/rollback?account=dev")
                    .json("{\"version\": 1}")
                    .send()
                    .expect(200);
        }
        // A node that ceases to allow it, or goes, takes the permission along.
        awaitConnected(false);
        api.call("POST", "/v1/functions/both/rollback?account=dev")
                .json("{\"version\": 1}")
                .send()
                .expect(403);
    }

    @Test
    void anAccountsCeilingsAreHeldAtThePushAndWhenAVersionGetsTraffic() {
        String limits = "/v1/accounts/dev/limits";
        api.call("PUT", limits).as(developer).json("{}").send().expect(403);
        api.call("PUT", "/v1/accounts/nobody/limits").json("{}").send().expect(404);
        Answer wrong = api.call("PUT", limits)
                .json("{\"functions\": {\"cpu\": \"3s\", \"memory\": 1}}")
                .send()
                .expect(422);
        assertThat(wrong.json().path("errors").findValuesAsText("path"))
                .containsExactlyInAnyOrder("functions.cpu", "functions.memory");

        push("/v1/functions/much", developer, "{\"limits\": {\"cpu\": \"500ms\", \"subrequests\": 70}}")
                .expect(201);
        api.call("PUT", limits)
                .json("{\"functions\": {\"cpu\": \"40ms\", \"subrequests\": 60}}")
                .send()
                .expect(200);
        assertThat(api.call("GET", limits)
                        .send()
                        .expect(200)
                        .json()
                        .path("functions")
                        .path("subrequests")
                        .intValue())
                .isEqualTo(60);

        JsonNode errors = push("/v1/functions/much", developer, "{\"limits\": {\"cpu\": \"1s\", \"subrequests\": 61}}")
                .expect(422)
                .json()
                .path("errors");
        assertThat(errors.findValuesAsText("path")).containsExactly("limits.cpu", "limits.subrequests");
        assertThat(errors.get(0).path("value").textValue()).isEqualTo("1000ms");
        assertThat(errors.get(0).path("rule").textValue()).contains("at most 40ms");
        assertThat(errors.get(0).path("fix").textValue()).contains("operator");
        // An earlier version asks for more than is allowed by now.
        assertThat(api.call("POST", "/v1/functions/much/rollback")
                        .as(developer)
                        .json("{\"version\": 1}")
                        .send()
                        .expect(422)
                        .json()
                        .path("errors")
                        .findValuesAsText("path"))
                .containsExactly("versions[0].limits.cpu", "versions[0].limits.subrequests");
        // Who names no limit gets what is allowed, not a refusal.
        push("/v1/functions/little", developer, "{\"limits\": {\"subrequests\": 60}}")
                .expect(201);
        JsonNode kept = api.call("GET", "/v1/functions/little")
                .as(developer)
                .send()
                .expect(200)
                .json()
                .path("metadata")
                .path("limits");
        assertThat(kept.path("cpu").textValue()).isEqualTo("40ms");
        api.call("PUT", limits).json("{}").send().expect(200);
        push("/v1/functions/much", developer, "{\"limits\": {\"cpu\": \"1s\"}}").expect(200);
    }

    private TestNode node(boolean allowShared) {
        return new TestNode(
                api.base(),
                api.nodeToken("first"),
                folder.resolve("node"),
                entry -> false,
                OrderHandler.NONE,
                allowShared);
    }

    private void awaitConnected(boolean connected) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (connected
                != api.call("GET", "/v1/nodes")
                        .send()
                        .json()
                        .path("items")
                        .get(0)
                        .path("connected")
                        .booleanValue()) {
            assertThat(System.nanoTime()).as("the node is not so in time").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static Deployed deployed(TestNode node, String name) {
        var entry = node.await("function/dev/" + name);
        return ((FunctionEntry) Entry.decode(entry.key(), String.valueOf(entry.value())))
                .deployment()
                .getFirst();
    }

    private Answer push(String path, @Nullable String token, String metadata) {
        var call = api.call("PUT", path);
        if (token != null) {
            call = call.as(token);
        }
        return call.body(
                        "multipart/form-data; boundary=" + BOUNDARY,
                        part("metadata", metadata) + part("main.js", CODE) + "--" + BOUNDARY + "--\r\n")
                .send();
    }

    private static String part(String name, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name
                + "\"\r\nContent-Type: application/javascript\r\n\r\n" + content + "\r\n";
    }
}
