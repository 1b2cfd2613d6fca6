package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.deploy.local.CodeProbe;
import dev.verge.deploy.local.LocalFunction;
import dev.verge.deploy.local.LocalNode;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every example of the functions' API runs on a real node and answers what its first lines say. */
class FunctionApiTest {
    private static final Path PAGE = Path.of("docs", "functions-api.md");
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```js function\\n(.*?)^```$");

    /** {@code // GET /path content}, and on the line behind it {@code // → 200 text}. */
    private static final Pattern CALL =
            Pattern.compile("(?m)^// ([A-Z]+) (/\\S*)(?: (.*))?\\n// → ([0-9]{3})(?: (.*))?$");

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static LocalNode node;
    private static CodeProbe probe;

    @BeforeAll
    static void start() {
        node = LocalNode.start(0);
        node.open();
        probe = new CodeProbe(node);
        assertThat(node.publishSite("all", """
                site: all
                hosts: ["127.0.0.1"]
                functions: {main: {function: main}}
                rules: [{name: main, do: [{run: main}]}]
                """)).isEmpty();
    }

    @AfterAll
    static void stop() {
        probe.close();
        node.close();
        HTTP.close();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleAnswersAsItSays() throws IOException {
        List<MatchResult> examples =
                EXAMPLE.matcher(Files.readString(PAGE)).results().toList();
        assertThat(examples).hasSizeGreaterThan(8);
        return examples.stream().map(example -> {
            String code = example.group(1);
            List<MatchResult> calls = CALL.matcher(code).results().toList();
            return DynamicTest.dynamicTest(
                    calls.isEmpty() ? "without a call" : calls.getFirst().group(), () -> {
                        assertThat(calls).isNotEmpty();
                        publish(code);
                        for (MatchResult call : calls) {
                            String wanted = call.group(4) + " " + (call.group(5) == null ? "" : call.group(5));
                            assertThat(answer(call, wanted)).as(call.group()).isEqualTo(wanted);
                        }
                    });
        });
    }

    /** Once for most; what a call before it wrote is read some moments later, so who reads asks again. */
    private static String answer(MatchResult call, String wanted) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String told;
        do {
            HttpResponse<String> answer = send(call);
            told = answer.statusCode() + " " + answer.body().strip();
        } while (call.group(1).equals("GET") && !told.equals(wanted) && System.nanoTime() - end < 0);
        return told;
    }

    private static void publish(String code) {
        FunctionManifest manifest = FunctionManifest.read(
                        "{kv: {PREFS: prefs}, vars: {MODE: live}, main: main.js, limits: {cpu: 1s}}")
                .orThrow();
        LocalFunction function = new LocalFunction(
                "main",
                FunctionBundle.of("main.js", Map.of("main.js", code.getBytes(StandardCharsets.UTF_8))),
                manifest,
                Map.of("API_KEY", Secret.of("hidden")),
                List.of());
        assertThat(probe.problem(function)).isEmpty();
        assertThat(node.publish(function)).isEmpty();
    }

    private static HttpResponse<String> send(MatchResult call) throws IOException, InterruptedException {
        String content = call.group(3);
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + call.group(2)))
                        .timeout(Duration.ofSeconds(30))
                        .header("Cookie", "plan=gold")
                        .method(
                                call.group(1),
                                content == null ? BodyPublishers.noBody() : BodyPublishers.ofString(content))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
