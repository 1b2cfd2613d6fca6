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

/** Functions over the API, their code checked in real function hosts. One control plane for all tests: a host takes seconds to start. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FunctionsTest {
    private static final String CODE = "export default { async fetch(request) { return new Response('%s') } }\n";

    private RunningControlPlane api;

    @BeforeAll
    void start(@TempDir Path folder) {
        api = RunningControlPlane.start(
                RunningControlPlane.config(folder, ApiLimits.defaults(), LogRetention.defaults(), 1),
                Clock.systemUTC());
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @Test
    void aSyntaxErrorIsRefusedWithItsPlaceAndNothingIsStored() {
        Answer refused =
                push("broken", "export default {\n  async fetch(request) {\n    return new Response('x'\n  }\n}\n");
        assertThat(refused.status()).isEqualTo(422);
        JsonNode error = refused.json().path("errors").get(0);
        assertThat(error.path("path").textValue()).matches("main\\.js:4:\\d+");
        api.call("GET", "/v1/functions/broken").send().expect(404);
    }

    @Test
    void typeScriptIsCompiledWhenItIsPushedAndItsSourceIsWhatCameBefore() {
        String code =
                "export default { fetch(request: Request): Response { return new Response(request.url as string) } }\n";
        Answer pushed = api.call("PUT", "/v1/functions/typed")
                .body("application/typescript", code)
                .send()
                .expect(201);
        Answer again = api.call("PUT", "/v1/functions/typed")
                .body("application/typescript", code)
                .send()
                .expect(200);
        assertThat(again.json()).isEqualTo(pushed.json());
        JsonNode source = api.call("GET", "/v1/functions/typed/versions/1/source")
                .send()
                .expect(200)
                .json();
        assertThat(source.path("main").textValue()).isEqualTo("main.ts");
        assertThat(source.path("modules").toString()).isEqualTo("{\"main.ts\":" + json(code) + "}");

        Answer refused = api.call("PUT", "/v1/functions/typed")
                .body("application/typescript", "export default {\n  fetch(request: ) {}\n}\n")
                .send()
                .expect(422);
        JsonNode error = refused.json().path("errors").get(0);
        assertThat(error.path("path").textValue()).isEqualTo("main.ts:2:18");
    }

    private static String json(String text) {
        return com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
    }

    @Test
    void codeWithoutAHandlerIsRefused() {
        Answer refused = push("handlerless", "export const x = 1\n").expect(422);
        assertThat(refused.json().path("errors").get(0).path("path").textValue())
                .startsWith("main.js");
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
    void aFormHoldsMetadataAndModules() {
        String boundary = "xxBOUNDARYxx";
        String form = part(
                        boundary,
                        "metadata",
                        "{\"main\": \"app.js\", \"limits\": {\"cpu\": \"20ms\"}, \"vars\": {\"A\": \"1\"}}")
                + part(boundary, "app.js", "import {text} from './lib/text.js'\n" + CODE.replace("'%s'", "text"))
                + part(boundary, "lib/text.js", "export const text = 'from a module'\n")
                + "--" + boundary + "--\r\n";
        api.call("PUT", "/v1/functions/form")
                .body("multipart/form-data; boundary=" + boundary, form)
                .send()
                .expect(201);
        JsonNode state =
                api.call("GET", "/v1/functions/form").send().expect(200).json();
        assertThat(state.path("metadata").path("main").textValue()).isEqualTo("app.js");
        assertThat(state.path("metadata").path("limits").path("cpu").textValue())
                .isEqualTo("20ms");

        String wrong = part(boundary, "metadata", "{\"limits\": {\"cpu\": \"9h\"}, \"colour\": 1}") + "--" + boundary
                + "--\r\n";
        Answer refused = api.call("PUT", "/v1/functions/form")
                .body("multipart/form-data; boundary=" + boundary, wrong)
                .send()
                .expect(422);
        assertThat(refused.json().path("errors").size()).isGreaterThanOrEqualTo(2);
        api.call("PUT", "/v1/functions/form")
                .body("multipart/form-data; boundary=" + boundary, "--nonsense")
                .send()
                .expect(400);
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

    private static String part(String boundary, String name, String content) {
        return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name
                + "\"\r\nContent-Type: application/javascript\r\n\r\n" + content + "\r\n";
    }
}
