package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.resource.WireJson;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is promised to whoever makes a client of {@code /v1/openapi.json}: a generator takes it as it is, the client compiles, and what it
 * sends is what it reads. The calls stand in {@code generated-client/RoundTrip.java}, which is compiled beside the client.
 */
final class GeneratedClientTest {
    private static final Path CALLS = Path.of("src", "test", "resources", "generated-client", "RoundTrip.java");

    @TempDir
    private static Path folder;

    private static RunningControlPlane api;
    private static JsonNode description;
    private static GeneratedClient client;

    @BeforeAll
    static void generate() throws Exception {
        api = RunningControlPlane.start(Files.createDirectory(folder.resolve("data")));
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest asked = HttpRequest.newBuilder(api.base().resolve("/v1/openapi.json"))
                    .header("Authorization", "Bearer " + api.operator())
                    .build();
            String text = http.send(asked, HttpResponse.BodyHandlers.ofString()).body();
            description = WireJson.parse(text);
            client = GeneratedClient.make(text, CALLS, folder);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (client != null) {
            client.close();
        }
        if (api != null) {
            api.close();
        }
    }

    @Test
    void everyOperationIsAMethodOfItsResourcesClass() throws ClassNotFoundException {
        Set<String> ids = new TreeSet<>();
        for (JsonNode path : description.path("paths")) {
            for (JsonNode operation : path) {
                String id = operation.path("operationId").textValue();
                assertThat(ids.add(id))
                        .as("one operation alone is called %s", id)
                        .isTrue();
                Class<?> resource = client.load(GeneratedClient.PACKAGE + ".api."
                        + camel(operation.path("tags").path(0).textValue()) + "Api");
                assertThat(Arrays.stream(resource.getMethods()).map(Method::getName))
                        .contains(id);
            }
        }
        assertThat(ids).hasSizeGreaterThan(80);
    }

    @Test
    void everySchemaIsAClassWithAMethodForEachOfItsFields() throws ClassNotFoundException {
        for (var schema : description.path("components").path("schemas").properties()) {
            Class<?> model = client.load(GeneratedClient.PACKAGE + ".model." + schema.getKey());
            Set<String> setters = Arrays.stream(model.getMethods())
                    .filter(method -> method.getParameterCount() == 1)
                    .map(method -> method.getName().toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet());
            schema.getValue()
                    .path("properties")
                    .fieldNames()
                    .forEachRemaining(field ->
                            assertThat(setters).as(schema.getKey()).contains("set" + field.toLowerCase(Locale.ROOT)));
        }
    }

    @Test
    void theReadmeSaysHowItIsMade() throws IOException {
        assertThat(Path.of("README.md")).content().contains(String.join(" ", GeneratedClient.ARGUMENTS));
    }

    @TestFactory
    Stream<DynamicTest> whatIsSentIsRead() throws ReflectiveOperationException {
        Class<?> calls = client.load(GeneratedClient.PACKAGE + ".RoundTrip");
        Object caller = calls.getConstructor(URI.class, String.class).newInstance(api.base(), api.operator());
        return Arrays.stream(calls.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> {
                    try {
                        method.invoke(caller);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static String camel(String tag) {
        return Arrays.stream(tag.split("-", -1))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }
}
