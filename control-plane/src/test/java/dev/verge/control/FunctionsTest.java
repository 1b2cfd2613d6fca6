package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.log.LogRetention;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Functions over the API: versions, shares of the traffic, vars. {@link FunctionCheckTest} has their code checked. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FunctionsTest {
    private static final String CODE = "export default { async fetch(request) { return new Response('%s') } }\n";

    private RunningControlPlane api;

    @BeforeAll
    void start(@TempDir Path folder) {
        api = RunningControlPlane.start(
                RunningControlPlane.config(folder, ApiLimits.defaults(), LogRetention.defaults(), 0),
                Clock.systemUTC());
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @Test
    void pushesMakeVersionsAndEqualCodeMakesNone() {
        Answer first = push("versions", CODE.formatted("one")).expect(201);
        assertThat(first.json().path("version").intValue()).isEqualTo(1);
        assertThat(first.json().path("activated").booleanValue()).isTrue();
        Answer same = push("versions", CODE.formatted("one")).expect(200);
        assertThat(same.json()).isEqualTo(first.json());
        Answer second = push("versions", CODE.formatted("two")).expect(200);
        assertThat(second.json().path("version").intValue()).isEqualTo(2);

        JsonNode versions = api.call("GET", "/v1/functions/versions/versions")
                .send()
                .expect(200)
                .json()
                .path("items");
        assertThat(versions).hasSize(2);
        assertThat(versions.get(0).path("live").booleanValue()).isTrue();
        JsonNode source = api.call("GET", "/v1/functions/versions/versions/1/source")
                .send()
                .expect(200)
                .json();
        assertThat(source.path("modules").path("main.js").textValue()).isEqualTo(CODE.formatted("one"));
        api.call("GET", "/v1/functions/versions/versions/9/source").send().expect(404);

        JsonNode back = api.call("POST", "/v1/functions/versions/rollback")
                .json("{\"version\": 1}")
                .send()
                .expect(200)
                .json();
        assertThat(back.path("deployment").toString()).isEqualTo("[{\"version\":1,\"percent\":100}]");
    }

    @Test
    void trafficIsSplitOverTwoVersionsThatSumToAHundred() {
        push("split", CODE.formatted("one")).expect(201);
        Answer quiet = api.call("PUT", "/v1/functions/split?activate=false")
                .body("application/javascript", CODE.formatted("two"))
                .send()
                .expect(200);
        assertThat(quiet.json().path("activated").booleanValue()).isFalse();
        String path = "/v1/functions/split/deployments";
        JsonNode split = api.call("POST", path)
                .json("{\"versions\": [{\"version\": 1, \"percent\": 90}, {\"version\": 2, \"percent\": 10}]}")
                .send()
                .expect(200)
                .json();
        assertThat(split.path("deployment")).hasSize(2);
        assertThat(split.path("revision").longValue())
                .isGreaterThan(quiet.json().path("revision").longValue());
        api.call("POST", path)
                .json("{\"versions\": [{\"version\": 1, \"percent\": 90}]}")
                .send()
                .expect(422);
        api.call("POST", path)
                .json("{\"versions\": [{\"version\": 7, \"percent\": 100}]}")
                .send()
                .expect(422);
        api.call("POST", path)
                .json("{\"versions\": [{\"version\": 1, \"percent\": 50}, {\"version\": 1, \"percent\": 50}]}")
                .send()
                .expect(422);
    }

    @Test
    void aFunctionThatASiteNamesCannotBeDeleted() {
        push("used", CODE.formatted("x")).expect(201);
        String document = site("user", "user.example") + "functions: {f: {function: used}}\n";
        api.call("PUT", "/v1/sites/user").yaml(document).send().expect(201);
        Answer refused = api.call("DELETE", "/v1/functions/used").send().expect(409);
        assertThat(refused.text()).contains("user");
        api.call("PUT", "/v1/sites/user")
                .yaml(site("user", "user.example"))
                .send()
                .expect(200);
        api.call("DELETE", "/v1/functions/used").send().expect(204);
        api.call("GET", "/v1/functions/used").send().expect(404);
    }

    @Test
    void varsStandAboveAVersionsOwn() {
        push("vars", CODE.formatted("x")).expect(201);
        api.call("PUT", "/v1/functions/vars/vars")
                .json("{\"A\": \"1\", \"B\": \"2\"}")
                .send()
                .expect(200);
        assertThat(api.call("GET", "/v1/functions/vars/vars").send().json().toString())
                .isEqualTo("{\"A\":\"1\",\"B\":\"2\"}");
        Answer refused = api.call("PUT", "/v1/functions/vars/vars")
                .json("{\"1A\": \"1\", \"B\": 2}")
                .send()
                .expect(422);
        assertThat(refused.json().path("errors")).hasSize(2);
    }

    private Answer push(String name, String code) {
        return api.call("PUT", "/v1/functions/" + name)
                .body("application/javascript", code)
                .send();
    }
}
