package dev.verge.control;

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

/** Code that is pushed, checked in real function hosts. One control plane for all tests: a host takes seconds to start. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FunctionCheckTest {
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

    @Test
    void codeWithoutAHandlerIsRefused() {
        Answer refused = push("handlerless", "export const x = 1\n").expect(422);
        assertThat(refused.json().path("errors").get(0).path("path").textValue())
                .startsWith("main.js");
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
    void aMistakeInAnImportedModuleNamesThatModuleLineAndColumn() {
        String boundary = "xxBOUNDARYxx";
        String form = part(boundary, "metadata", "{\"main\": \"main.js\"}")
                + part(boundary, "main.js", "import {a} from './lib/a.js'\n" + CODE.replace("'%s'", "a"))
                + part(boundary, "lib/a.js", "export const a = 'x'\n\nexport const b = = 2\n")
                + "--" + boundary + "--\r\n";
        Answer refused = api.call("PUT", "/v1/functions/imports")
                .body("multipart/form-data; boundary=" + boundary, form)
                .send()
                .expect(422);
        assertThat(refused.json().path("errors").get(0).path("path").textValue())
                .matches("lib/a\\.js:3:\\d+");
    }

    private Answer push(String name, String code) {
        return api.call("PUT", "/v1/functions/" + name)
                .body("application/javascript", code)
                .send();
    }

    private static String json(String text) {
        return com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
    }

    private static String part(String boundary, String name, String content) {
        return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name
                + "\"\r\nContent-Type: application/javascript\r\n\r\n" + content + "\r\n";
    }
}
