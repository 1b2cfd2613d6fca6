package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.verge.control.resource.WireJson;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What the API says of itself, to which every call of the tests is held: a client made from it alone must be able to send what was accepted
 * here, and to read what was answered. Answers have no field that is not described.
 */
final class Description {
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final String JSON = "application/json";
    private static final String ITSELF = "/v1/openapi.json";

    private final JsonNode components;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, JsonSchema> compiled = new ConcurrentHashMap<>();

    private record Operation(String method, Pattern path, String name, JsonNode says) {}

    /** A call and its answer. */
    record Exchange(String method, URI uri, String sentType, String sent, int status, String type, String text) {
        @Override
        public String toString() {
            return method + " " + uri + " -> " + status + " " + type;
        }
    }

    /** @param root OpenAPI 3.1 */
    Description(JsonNode root) {
        components = root.path("components").deepCopy();
        components.path("schemas").forEach(Description::close);
        for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
            Pattern pattern = Pattern.compile("/v1" + path.getKey().replaceAll("\\{[A-Za-z]+}", "[^/]+"));
            for (Map.Entry<String, JsonNode> each : path.getValue().properties()) {
                operations.add(new Operation(
                        each.getKey().toUpperCase(Locale.ROOT),
                        pattern,
                        each.getValue().path("operationId").textValue(),
                        each.getValue()));
            }
        }
    }

    private static void close(JsonNode schema) {
        if (schema.has("properties") && !schema.has("additionalProperties")) {
            ((ObjectNode) schema).put("additionalProperties", false);
        }
    }

    /** Fails when the exchange is not as described. */
    void check(Exchange call) {
        Optional<Operation> operation = operations.stream()
                .filter(each -> each.method().equals(call.method().replace("HEAD", "GET"))
                        && each.path().matcher(call.uri().getRawPath()).matches())
                .findFirst();
        if (call.status() == 304 || call.uri().getRawPath().equals(ITSELF)) {
            return;
        }
        if (operation.isEmpty()) {
            assertThat(call.status()).as("not described: %s", call).isGreaterThanOrEqualTo(300);
            return;
        }
        JsonNode says = operation.get().says();
        if (operation.get().name().equals("invokeFunction")) {
            return; // the function's own answer
        }
        if (call.status() < 400) {
            queryIsDescribed(call, says);
            JsonNode content = says.path("requestBody").path("content");
            if (call.sentType().startsWith(JSON) && content.has(JSON)) {
                hold(call, "sent to " + operation.get().name(), content.path(JSON), given(WireJson.parse(call.sent())));
            }
        }
        JsonNode answers = says.path("responses");
        JsonNode answer = answers.path(Integer.toString(call.status()));
        if (answer.isMissingNode() && call.status() >= 400) {
            answer = answers.path("default");
        }
        assertThat(answer.isObject()).as("a described status: %s", call).isTrue();
        if (call.text().isEmpty()) {
            return;
        }
        String type = call.type().split(";", -1)[0];
        JsonNode content = answer.path("content").path(type);
        assertThat(content.isObject()).as("a described type: %s", call).isTrue();
        if (type.endsWith("json")) {
            hold(call, operation.get().name() + " " + call.status(), content, WireJson.parse(call.text()));
        }
    }

    private static void queryIsDescribed(Exchange call, JsonNode says) {
        String query = call.uri().getRawQuery();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                assertThat(says.path("parameters").findValuesAsText("name"))
                        .as("%s", call)
                        .contains(pair.split("=", 2)[0]);
            }
        }
    }

    /** What is null is taken as if it were not there. */
    private static JsonNode given(JsonNode sent) {
        if (sent instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getValue().isNull());
        }
        sent.forEach(Description::given);
        return sent;
    }

    private void hold(Exchange call, String what, JsonNode content, JsonNode value) {
        JsonSchema schema = compiled.computeIfAbsent(what, key -> {
            ObjectNode whole = JsonNodeFactory.instance.objectNode();
            whole.set("components", components);
            whole.putArray("allOf").add(content.path("schema"));
            return SCHEMAS.getSchema(whole);
        });
        assertThat(schema.validate(value)).as("%s: %s, %s", what, call, value).isEmpty();
    }
}
