package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.verge.deploy.local.CodeProbe;
import dev.verge.deploy.local.LocalCompiler;
import dev.verge.deploy.local.LocalFunction;
import dev.verge.deploy.local.LocalNode;
import dev.verge.deploy.scaffold.Scaffold;
import dev.verge.deploy.scaffold.Template;
import dev.verge.sandbox.typescript.Compilation;
import dev.verge.sync.log.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each template, as it is written, on a real node: what its README says is so. */
class TemplatesTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String KEY = "only-for-trying";

    @TempDir
    private static Path folder;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static LocalNode node;
    private static CodeProbe probe;
    private static LocalCompiler compiler;
    private static HttpServer origin;

    @BeforeAll
    static void start() throws IOException {
        origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            boolean page = path.endsWith(".html");
            String body = page
                    ? "<html><body><img src=\"/a.png\"><a href=\"https://other.example/\">o</a><a href=\"/own\">w</a></body></html>"
                    : path.startsWith("/reviews")
                            ? ""
                            : "{\"path\":\"%s\",\"user\":\"%s\",\"variant\":\"%s\"}"
                                    .formatted(
                                            path,
                                            exchange.getRequestHeaders().getFirst("X-User"),
                                            exchange.getRequestHeaders().getFirst("X-Variant"));
            exchange.getResponseHeaders().set("Content-Type", page ? "text/html" : "application/json");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(
                    path.startsWith("/reviews") ? 503 : 200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        origin.start();
        node = LocalNode.start(0);
        node.open();
        probe = new CodeProbe(node);
        compiler = new LocalCompiler(node);
        StringBuilder site = new StringBuilder(
                        "site: all\nhosts: [\"127.0.0.1\", \"*.localhost\"]\npools: {o: {origins: [{url: \"")
                .append(originUrl())
                .append("\"}]}}\nfunctions:\n");
        StringBuilder rules = new StringBuilder("rules:\n");
        for (Template template : Template.values()) {
            site.append("  %1$s: {function: %1$s}\n".formatted(template.id()));
            rules.append("  - {name: %1$s, when: {header: {X-Function: %1$s}}, do: [{run: %1$s}]}\n"
                    .formatted(template.id()));
        }
        assertThat(node.publishSite("all", site.append(rules).toString())).isEmpty();
    }

    @AfterAll
    static void stop() {
        probe.close();
        node.close();
        origin.stop(0);
        HTTP.close();
    }

    private static String originUrl() {
        return "http://127.0.0.1:" + origin.getAddress().getPort();
    }

    /** Writes a template and serves what was written. */
    private static void serve(Template template, Map<String, String> vars, Map<String, String> secrets)
            throws IOException {
        Path project = folder.resolve(template.id());
        Scaffold.write(template, template.id(), project);
        if (template == Template.MAP_REDUCE) {
            publish(project.resolve("worker"), Map.of(), Map.of());
        }
        if (template == Template.API_COMPOSITION) {
            Path manifest = project.resolve("function.yaml");
            Files.writeString(
                    manifest, Files.readString(manifest).replaceFirst("egress: .*", "egress: [\"127.0.0.1\"]"));
        }
        publish(project, vars, secrets);
    }

    private static void publish(Path project, Map<String, String> vars, Map<String, String> secrets) {
        Environment environment =
                new Environment(Map.of(), folder, folder, InputStream.nullInputStream(), System.out, System.err, false);
        Map<String, Secret> sealed = new java.util.HashMap<>();
        secrets.forEach((name, value) -> sealed.put(name, Secret.of(value)));
        LocalFunction written = LocalSources.read(environment, project, vars, sealed);
        assertThat(compiler.compile(written)).isInstanceOf(Compilation.Done.class);
        LocalFunction function = written.with(((Compilation.Done) compiler.compile(written)).bundle());
        assertThat(probe.problem(function)).isEmpty();
        assertThat(node.publish(function)).isEmpty();
    }

    private static HttpResponse<String> call(
            Template template, String path, String method, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                .timeout(DEADLINE)
                .header("X-Function", template.id())
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> get(Template template, String path, String... headers) {
        return call(template, path, "GET", new byte[0], headers);
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return new ObjectMapper().readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError(response.body(), e);
        }
    }

    private static byte[] hmac(byte[] content) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return mac.doFinal(content);
    }

    @Test
    void helloGreets() throws IOException {
        serve(Template.HELLO, Map.of(), Map.of());
        assertThat(json(get(Template.HELLO, "/?name=Ada")).path("message").asText())
                .isEqualTo("Hello, Ada");
    }

    @Test
    void typeScriptAnswersInTheLanguageThatIsWantedMost() throws IOException {
        serve(Template.TYPESCRIPT, Map.of(), Map.of());
        HttpResponse<String> answer =
                get(Template.TYPESCRIPT, "/", "Accept-Language", "it, fr-CH;q=0.5, de;q=0.9, en;q=0.1");
        assertThat(json(answer).toString())
                .isEqualTo("{\"greeting\":\"Hallo\",\"language\":\"de\",\"outcome\":\"matched\"}");
        assertThat(json(get(Template.TYPESCRIPT, "/")).path("outcome").asText()).isEqualTo("fallback");
    }

    @Test
    void apiCompositionMergesThreeOriginsAndNamesWhatIsMissing() throws IOException {
        serve(
                Template.API_COMPOSITION,
                Map.of(
                        "PRODUCT_URL", originUrl() + "/products/{id}",
                        "PRICE_URL", originUrl() + "/prices/{id}",
                        "REVIEWS_URL", originUrl() + "/reviews/{id}"),
                Map.of());
        HttpResponse<String> answer = get(Template.API_COMPOSITION, "/products/7");
        assertThat(json(answer).path("path").asText()).isEqualTo("/products/7");
        assertThat(json(answer).path("price").path("path").asText()).isEqualTo("/prices/7");
        assertThat(json(answer).path("missing").toString()).isEqualTo("[\"reviews\"]");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("public, max-age=2");
        assertThat(get(Template.API_COMPOSITION, "/elsewhere").statusCode()).isEqualTo(404);
    }

    @Test
    void htmlRewriteChangesThePageOfTheOrigin() throws IOException {
        serve(Template.HTML_REWRITE, Map.of(), Map.of());
        assertThat(get(Template.HTML_REWRITE, "/page.html").body())
                .contains("<body><p class=\"banner\">", "src=\"https://cdn.example/a.png\" loading=\"lazy\"")
                .contains("<a href=\"https://other.example/\" rel=\"external noopener\">", "<a href=\"/own\">");
        assertThat(get(Template.HTML_REWRITE, "/data.json").body()).contains("\"path\":\"/data.json\"");
    }

    @Test
    void abTestKeepsAVisitorsVariant() throws IOException {
        serve(Template.AB_TEST, Map.of(), Map.of());
        HttpResponse<String> first = get(Template.AB_TEST, "/checkout/x");
        String variant = first.headers().firstValue("X-Variant").orElse("");
        assertThat(variant).isIn("a", "b");
        assertThat(json(first).path("variant").asText()).isEqualTo(variant);
        String cookie = first.headers().firstValue("Set-Cookie").orElse("").split(";", -1)[0];
        for (int again = 0; again < 5; again++) {
            HttpResponse<String> next = get(Template.AB_TEST, "/checkout/x", "Cookie", cookie);
            assertThat(next.headers().firstValue("X-Variant")).contains(variant);
            assertThat(next.headers().firstValue("Set-Cookie")).isEmpty();
        }
        assertThat(java.util.stream.IntStream.range(0, 30)
                        .mapToObj(visitor ->
                                get(Template.AB_TEST, "/checkout/x").headers().firstValue("X-Variant"))
                        .distinct())
                .hasSize(2);
    }

    @Test
    void authGateLetsThroughWhoHoldsAValidToken() throws Exception {
        serve(Template.AUTH_GATE, Map.of(), Map.of("TOKEN_KEY", KEY));
        assertThat(get(Template.AUTH_GATE, "/members/x").headers().firstValue("WWW-Authenticate"))
                .contains("Bearer realm=\"members\"");
        long now = Instant.now().getEpochSecond();
        assertThat(get(Template.AUTH_GATE, "/members/x", "Authorization", "Bearer " + token("HS256", now - 1))
                        .statusCode())
                .isEqualTo(401);
        assertThat(get(Template.AUTH_GATE, "/members/x", "Authorization", "Bearer " + token("none", now + 60))
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> in =
                get(Template.AUTH_GATE, "/members/x", "Authorization", "Bearer " + token("HS256", now + 60));
        assertThat(json(in).path("user").asText()).isEqualTo("ada");
    }

    private static String token(String algorithm, long end) throws Exception {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String signed = base64.encodeToString(("{\"alg\":\"" + algorithm + "\"}").getBytes(StandardCharsets.UTF_8))
                + "."
                + base64.encodeToString(("{\"sub\":\"ada\",\"exp\":" + end + "}").getBytes(StandardCharsets.UTF_8));
        return signed + "." + base64.encodeToString(hmac(signed.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void eventHandlerRecordsImagesAndSumsUp() throws Exception {
        serve(Template.EVENT_HANDLER, Map.of(), Map.of("EVENT_KEY", KEY));
        byte[] image = HexFormat.of().parseHex("89504e470d0a1a0a0000000d4948445200000640000004b00802000000");
        assertThat(call(Template.EVENT_HANDLER, "/", "POST", image, "X-Signature", "00")
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> taken = call(
                Template.EVENT_HANDLER,
                "/",
                "POST",
                image,
                "X-Signature",
                HexFormat.of().formatHex(hmac(image)));
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        assertThat(json(taken).path("thumbnail").toString()).isEqualTo("{\"width\":320,\"height\":240}");
        String place = taken.headers().firstValue("Location").orElse("");
        until(() -> get(Template.EVENT_HANDLER, place).body().equals(taken.body()));
        assertThat(node.tick(Template.EVENT_HANDLER.id(), "*/5 * * * *", 1_000).outcome())
                .isEqualTo("ok");
        until(() -> json(get(Template.EVENT_HANDLER, "/")).path("images").asInt() == 1);
    }

    @Test
    void mapReduceAnswersForTheWholeLog() throws IOException {
        serve(Template.MAP_REDUCE, Map.of(), Map.of());
        byte[] log = ("GET / 200 12\nGET /cart 500 340\n".repeat(500) + "nonsense\n").getBytes(StandardCharsets.UTF_8);
        JsonNode answer = json(call(Template.MAP_REDUCE, "/", "POST", log));
        assertThat(answer.path("parts").asInt()).isEqualTo(8);
        assertThat(answer.path("lines").asInt()).isEqualTo(1_000);
        assertThat(answer.path("errors").asInt()).isEqualTo(500);
        assertThat(answer.path("refused").asInt()).isEqualTo(1);
        assertThat(answer.path("p50").asInt()).isEqualTo(17);
        assertThat(answer.path("busiest").toString()).isEqualTo("{\"/\":500,\"/cart\":500}");
    }

    @Test
    void multiTenantKeepsTenantsApart() throws IOException {
        serve(Template.MULTI_TENANT, Map.of(), Map.of());
        for (String tenant : new String[] {"acme", "other"}) {
            String settings = "{\"key\":\"%s-key\",\"plan\":\"small\",\"longestNote\":20}".formatted(tenant);
            node.put("multi-tenant", tenant + "/settings", settings.getBytes(StandardCharsets.UTF_8));
        }
        byte[] note = "buy milk".getBytes(StandardCharsets.UTF_8);
        assertThat(call(Template.MULTI_TENANT, "/acme/notes/today", "PUT", note, "X-Api-Key", "acme-key")
                        .statusCode())
                .isEqualTo(204);
        until(() -> get(Template.MULTI_TENANT, "/acme/notes/today", "X-Api-Key", "acme-key")
                .body()
                .equals("buy milk"));
        assertThat(get(Template.MULTI_TENANT, "/acme/notes/today", "X-Api-Key", "other-key")
                        .statusCode())
                .isEqualTo(403);
        assertThat(json(get(Template.MULTI_TENANT, "/other", "X-Api-Key", "other-key"))
                        .path("notes")
                        .size())
                .isZero();
        assertThat(get(Template.MULTI_TENANT, "/nobody", "X-Api-Key", "x").statusCode())
                .isEqualTo(404);
        assertThat(call(
                                Template.MULTI_TENANT,
                                "/acme/notes/x",
                                "PUT",
                                "long ".repeat(9).getBytes(StandardCharsets.UTF_8),
                                "X-Api-Key",
                                "acme-key")
                        .statusCode())
                .isEqualTo(413);
    }

    /** A value of a namespace is read some moments after it was written. */
    private static void until(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
