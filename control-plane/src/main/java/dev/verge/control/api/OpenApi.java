package dev.verge.control.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.verge.control.resource.ProblemDetails;
import dev.verge.control.resource.Scope;
import dev.verge.sync.binding.JsonSchema;
import dev.verge.sync.document.FunctionManifest;
import io.vertx.core.http.HttpMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The OpenAPI 3.1 description, out of the declared routes and their records; nothing in it is written by hand twice. Clients are generated
 * from it, so what is sent or answered has a name, and each resource's operations one tag.
 */
public final class OpenApi {
    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z]+)}");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ObjectNode root = JSON.objectNode();
    private final ObjectNode schemas;
    private final AnswerSchema answers;
    private final Set<Class<?>> documents = new HashSet<>();

    private OpenApi(List<Route> routes) {
        root.put("openapi", "3.1.0");
        root.putObject("info")
                .put("title", "Verge control plane")
                .put("version", "1")
                .put("description", "Sites, functions, purges, nodes and tokens of an edge platform.");
        root.putArray("servers").addObject().put("url", "/v1");
        ObjectNode components = root.putObject("components");
        ObjectNode schemes = components.putObject("securitySchemes");
        schemes.putObject("token").put("type", "http").put("scheme", "bearer");
        schemes.putObject("session").put("type", "apiKey").put("in", "cookie").put("name", Gate.COOKIE);
        schemas = components.putObject("schemas");
        routes.forEach(route -> declare(route.body()));
        answers = new AnswerSchema(schemas);
        ArrayNode security = root.putArray("security");
        security.addObject().putArray("token");
        security.addObject().putArray("session");
        root.putObject("paths");
    }

    /** Describes routes. */
    public static ObjectNode describe(List<Route> routes) {
        OpenApi api = new OpenApi(routes);
        routes.forEach(api::add);
        return api.root;
    }

    private void declare(Route.Body body) {
        switch (body) {
            case Route.Body.Json(Class<?> type) -> declared(type);
            case Route.Body.Document(Class<?> type) -> {
                declared(type);
                documents.add(type);
            }
            case Route.Body.Code code -> declared(FunctionManifest.class);
            default -> {}
        }
    }

    private void add(Route route) {
        ObjectNode operation = ((ObjectNode) root.path("paths"))
                .withObjectProperty(route.path())
                .putObject(route.method().name().toLowerCase(Locale.ROOT));
        Scope scope = route.scope();
        operation.putArray("tags").add(route.path().split("/", -1)[1]);
        operation.put("operationId", route.id()).put("summary", route.summary());
        operation.put("description", scope == null ? "Any valid token." : "Needs the scope " + scope.word() + ".");
        parameters(route, operation.putArray("parameters"));
        body(route.body(), operation);
        ObjectNode responses = operation.putObject("responses");
        answer(
                route,
                responses.putObject(Integer.toString(route.answer().status())).put("description", "Done."));
        if (route.method().equals(HttpMethod.PUT) && route.answer().status() == 200) {
            answer(route, responses.putObject("201").put("description", "Done, and made by it."));
        }
        if (route.method().equals(HttpMethod.GET) && route.fields().contains(ETag.IF_NONE_MATCH)) {
            responses.putObject("304").put("description", "It is as it was.");
        }
        content(
                responses.putObject("default").put("description", "A problem."),
                "application/problem+json",
                answers.of(ProblemDetails.class));
    }

    private void answer(Route route, ObjectNode success) {
        Class<?> type = route.answer().type();
        if (type != null && route.fields().contains(ETag.IF_NONE_MATCH)) {
            ObjectNode tag = success.putObject("headers").putObject("ETag");
            tag.put("description", "Names what was read or stored, for If-Match.");
            tag.putObject("schema").put("type", "string");
        }
        if (type == byte[].class) {
            content(success, MediaType.BYTES, binary());
        } else if (type == EventStream.class) {
            content(success, MediaType.EVENTS, JSON.objectNode().put("type", "string"));
        } else if (type != null) {
            ObjectNode schema = documents.contains(type) ? stored(type) : answers.of(type);
            content(success, MediaType.JSON, route.answer().page() ? page(type, schema) : schema);
            if (documents.contains(type) && route.method().equals(HttpMethod.GET)) {
                content(success, MediaType.YAML, schema);
            }
            String text = route.answer().text();
            if (text != null) {
                content(success, text, JSON.objectNode().put("type", "string"));
            }
        }
    }

    /** A document as it was sent, not the record that it becomes, and its revision. */
    private ObjectNode stored(Class<?> type) {
        String name = type.getSimpleName() + "Stored";
        if (!schemas.has(name)) {
            ObjectNode stored = schemas.path(type.getSimpleName()).deepCopy();
            stored.remove("additionalProperties");
            stored.withObjectProperty("properties")
                    .putObject("revision")
                    .put("type", "integer")
                    .put("format", "int64");
            stored.withArrayProperty("required").add("revision");
            schemas.set(name, stored);
        }
        return ref(name);
    }

    private static void parameters(Route route, ArrayNode parameters) {
        Matcher matcher = PARAMETER.matcher(route.path());
        while (matcher.find()) {
            parameter(parameters, matcher.group(1), "path", "string").put("required", true);
        }
        for (String name : new TreeSet<>(route.query())) {
            parameter(parameters, name, "query", "string");
        }
        for (String name : new TreeSet<>(route.fields())) {
            parameter(parameters, name, "header", "string");
        }
        if (route.answer().page()) {
            parameter(parameters, "limit", "query", "integer");
            parameter(parameters, "cursor", "query", "string");
        }
        parameter(parameters, "account", "query", "string")
                .put("description", "The account to act for; operators only.");
        if (route.method().equals(HttpMethod.POST)) {
            parameter(parameters, "Idempotency-Key", "header", "string")
                    .put("description", "A repeated call with the same key is answered as the first one was.");
        }
    }

    private static ObjectNode parameter(ArrayNode parameters, String name, String place, String type) {
        ObjectNode parameter = parameters.addObject().put("name", name).put("in", place);
        parameter.putObject("schema").put("type", type);
        return parameter;
    }

    private void body(Route.Body body, ObjectNode operation) {
        if (body instanceof Route.Body.None) {
            return;
        }
        ObjectNode request = operation.putObject("requestBody").put("required", true);
        switch (body) {
            case Route.Body.None none -> {}
            case Route.Body.Json(Class<?> type) -> content(request, MediaType.JSON, declared(type));
            case Route.Body.Document(Class<?> type) -> {
                content(request, MediaType.JSON, declared(type));
                content(request, MediaType.YAML, declared(type));
            }
            case Route.Body.TextMap map -> {
                ObjectNode schema = JSON.objectNode().put("type", "object");
                schema.putObject("additionalProperties").put("type", "string");
                content(request, MediaType.JSON, schema);
            }
            case Route.Body.TextList list -> {
                ObjectNode schema = JSON.objectNode().put("type", "array");
                schema.putObject("items").put("type", "string");
                content(request, MediaType.JSON, schema);
            }
            case Route.Body.Bytes(int most) -> content(request, MediaType.BYTES, binary().put("maxLength", most));
            case Route.Body.Stream(int most) -> content(request, MediaType.BYTES, binary().put("maxLength", most));
            case Route.Body.Code code -> {
                content(request, "application/javascript", JSON.objectNode().put("type", "string"));
                content(request, "application/typescript", JSON.objectNode().put("type", "string"));
                ObjectNode form = JSON.objectNode().put("type", "object");
                form.put(
                        "description",
                        "metadata (a FunctionManifest as JSON), and each module as a part of its own name.");
                form.putObject("additionalProperties").put("type", "string");
                content(request, "multipart/form-data", form);
            }
        }
    }

    private static ObjectNode binary() {
        return JSON.objectNode().put("type", "string").put("format", "binary");
    }

    /** The schema of a record that is sent: the same declaration that checks it. */
    private ObjectNode declared(Class<?> type) {
        return JsonSchema.into(schemas, type);
    }

    private ObjectNode page(Class<?> type, ObjectNode items) {
        String name = type.getSimpleName() + "Page";
        ObjectNode page = schemas.putObject(name).put("type", "object");
        ObjectNode properties = page.putObject("properties");
        properties.putObject("items").put("type", "array").set("items", items);
        properties.putObject("next").putArray("type").add("string").add("null");
        page.putArray("required").add("items").add("next");
        return ref(name);
    }

    private static ObjectNode ref(String name) {
        return JSON.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    private static void content(ObjectNode holder, String mediaType, ObjectNode schema) {
        holder.withObjectProperty("content").putObject(mediaType).set("schema", schema);
    }
}
