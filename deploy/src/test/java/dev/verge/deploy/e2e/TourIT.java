package dev.verge.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What the five-minute tour of the README promises, on one platform with two nodes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TourIT {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    private static Path data;

    private static Platform platform;

    @BeforeAll
    static void start() throws IOException {
        platform = Platform.start(data, "--nodes", "2");
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    private static String cacheStatus(HttpResponse<?> response) {
        return response.headers().firstValue("Cache-Status").orElse("");
    }

    @Test
    @Order(1)
    void demoPageIsAMissThenAHit() throws IOException {
        HttpResponse<String> miss = platform.get(platform.edge("/"));
        assertThat(miss.statusCode()).isEqualTo(200);
        assertThat(miss.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(cacheStatus(miss)).contains("fwd=uri-miss").contains("stored");
        assertThat(miss.headers().firstValue("Via")).contains("1.1 verge");

        HttpResponse<String> hit = platform.get(platform.edge("/"));
        assertThat(cacheStatus(hit)).startsWith("verge; hit");
        assertThat(hit.headers().firstValue("Age")).isPresent();
        assertThat(hit.body()).isEqualTo(miss.body());
    }

    @Test
    @Order(2)
    void tlsPortServesTheSameSiteOverHttp2() throws Exception {
        Process curl = new ProcessBuilder(
                        "curl",
                        "-sk",
                        "--http2",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_version} %{http_code}",
                        "https://localhost:" + platform.ports().https() + "/")
                .start();
        assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .isEqualTo("2 200");
    }

    @Test
    @Order(3)
    void functionAnswers() throws IOException {
        HttpResponse<String> hello = platform.get(platform.edge("/hello?name=Ada"));
        assertThat(hello.statusCode()).as(hello.body()).isEqualTo(200);
        assertThat(hello.body()).contains("Ada");
    }

    @Test
    @Order(4)
    void newFunctionVersionIsLiveOnAllNodesWhenDeployReturns(@TempDir Path work) throws IOException {
        Path source = work.resolve("hello.js");
        Files.writeString(source, """
                export default {
                  async fetch(request) {
                    return new Response("second version at " + new URL(request.url).pathname);
                  },
                };
                """);
        Platform.Said said = platform.verge("deploy", source.toString(), "--name", "hello");
        assertThat(said.exit()).as(said.toString()).isZero();
        for (int node = 0; node < 2; node++) {
            assertThat(platform.get(platform.edge(node, "/hello")).body()).isEqualTo("second version at /hello");
        }
    }

    @Test
    @Order(5)
    void functionWithASyntaxErrorIsRefusedAndTheOldVersionServes(@TempDir Path work) throws IOException {
        Path source = work.resolve("hello.js");
        Files.writeString(source, "export default {\n  fetch( { return 1 }\n}\n");
        Platform.Said said = platform.verge("deploy", source.toString(), "--name", "hello");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.out() + said.err()).contains("hello.js").containsPattern("[: ]2\\b");
        assertThat(platform.get(platform.edge("/hello")).body()).startsWith("second version");
    }

    @Test
    @Order(6)
    void appliedSiteIsVisibleAtEveryNodeWithinASecond(@TempDir Path work) throws IOException {
        Path document = work.resolve("site.yaml");
        Files.writeString(document, currentSite() + "\n");
        Files.writeString(document, Files.readString(document).replaceFirst("(?m)^rules:\\s*$", """
                                rules:
                                  - name: greeting
                                    when: {path: /greeting}
                                    do:
                                      - respond: {status: 200, headers: {Content-Type: text/plain}, body: "applied"}
                                """));
        Platform.Said said = platform.verge("apply", "-f", document.toString());
        assertThat(said.exit()).as(said.toString()).isZero();
        for (int n = 0; n < 2; n++) {
            int node = n;
            Await.until(
                    "the new rule answers at node " + node,
                    SECOND,
                    () -> platform.get(platform.edge(node, "/greeting")).body().equals("applied"));
        }
    }

    @Test
    @Order(7)
    void badDocumentIsRefusedWithEveryMistakeAndTheOldOneServes(@TempDir Path work) throws IOException {
        Path document = work.resolve("site.yaml");
        Files.writeString(document, """
                site: demo
                hosts: [localhost]
                pools:
                  app:
                    method: fastest
                    origins:
                      - {url: "ftp://127.0.0.1:9001"}
                    timeouts: {connect: "5"}
                colour: blue
                """);
        Platform.Said said = platform.verge("apply", "-f", document.toString());
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.out() + said.err())
                .contains("pools.app.method")
                .contains("fastest")
                .contains("pools.app.origins[0].url")
                .contains("pools.app.timeouts.connect")
                .contains("colour");
        assertThat(platform.get(platform.edge("/greeting")).body()).isEqualTo("applied");
    }

    @Test
    @Order(8)
    void apiRefusalIsProblemJsonThatNamesTheField() throws IOException {
        HttpResponse<String> refused = platform.send(platform.call("/v1/sites/demo")
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString("site: demo\nhosts: [localhost]\npools: {}\nhots: []\n"))
                .build());
        assertThat(refused.statusCode()).isBetween(400, 422);
        assertThat(refused.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(refused.body()).contains("\"path\"").contains("hots").contains("\"fix\"");
    }

    @Test
    @Order(9)
    void callWithoutATokenIsRefused() throws IOException {
        assertThat(platform.get(platform.api("/v1/sites")).statusCode()).isEqualTo(401);
    }

    @Test
    @Order(10)
    void purgeByUrlTurnsTheNextRequestIntoAMiss() throws IOException {
        platform.get(platform.edge("/"));
        assertThat(cacheStatus(platform.get(platform.edge("/")))).startsWith("verge; hit");

        Platform.Said said = platform.verge("purge", "--site", "demo", "--url", "/", "--wait");
        assertThat(said.exit()).as(said.toString()).isZero();
        assertThat(cacheStatus(platform.get(platform.edge("/")))).contains("fwd=");
    }

    @Test
    @Order(11)
    void purgeOfEverythingReachesEveryNode() throws IOException {
        for (int node = 0; node < 2; node++) {
            platform.get(platform.edge(node, "/"));
            assertThat(cacheStatus(platform.get(platform.edge(node, "/")))).startsWith("verge; hit");
        }
        Platform.Said said = platform.verge("purge", "--site", "demo", "--all", "--wait");
        assertThat(said.exit()).as(said.toString()).isZero();
        for (int node = 0; node < 2; node++) {
            assertThat(cacheStatus(platform.get(platform.edge(node, "/")))).contains("fwd=");
        }
    }

    @Test
    @Order(12)
    void hitAfterANodeRestart() throws IOException {
        platform.get(platform.edge("/"));
        assertThat(cacheStatus(platform.get(platform.edge("/")))).startsWith("verge; hit");
        Optional<Long> before = platform.pidOf("node-0");
        platform.part("node-0").destroy();
        Await.until(
                "the supervisor restarted node-0",
                Duration.ofSeconds(40),
                () -> !platform.pidOf("node-0").equals(before)
                        && platform.get(platform.admin("/readyz")).statusCode() == 200);
        assertThat(cacheStatus(platform.get(platform.edge("/")))).startsWith("verge; hit");
    }

    @Test
    @Order(13)
    void operatorSeesNodesAndMetrics() throws IOException {
        Platform.Said nodes = platform.verge("nodes", "--json");
        assertThat(nodes.exit()).isZero();
        assertThat(nodes.out()).contains("node-0").contains("node-1");
        assertThat(platform.get(platform.admin("/metrics")).body()).contains("# TYPE");
        assertThat(platform.get(platform.admin("/healthz")).statusCode()).isEqualTo(200);
    }

    /** An order, by {@code drain} or {@code undrain}, and what its node then says of itself. */
    private static void order(String verb, int readiness) throws IOException {
        HttpResponse<String> answer = platform.send(platform.call("/v1/nodes/node-0/" + verb)
                .POST(BodyPublishers.noBody())
                .build());
        assertThat(answer.statusCode() / 100).as(answer.body()).isEqualTo(2);
        Await.until(
                "node-0 to " + verb,
                Duration.ofSeconds(20),
                () -> platform.get(platform.admin("/readyz")).statusCode() == readiness);
    }

    @Test
    @Order(13)
    void operatorTakesANodeOutOfServiceAndBackWhileItServes() throws IOException {
        order("drain", 503);
        assertThat(platform.get(platform.admin("/healthz")).statusCode()).isEqualTo(200);
        assertThat(platform.verge("nodes").out()).contains("draining");
        assertThat(platform.get(platform.edge("/")).statusCode()).isEqualTo(200);
        order("undrain", 200);
        assertThat(platform.verge("nodes").out()).doesNotContain("draining");
    }

    @Test
    @Order(13)
    void requestsOfASiteAreSeenAsTheyHappen() throws IOException {
        CompletableFuture<Platform.Said> tail = platform.meanwhile("tail", "--site", "demo", "--runs", "1", "--json");
        Await.until("a request that is told", Duration.ofSeconds(30), () -> {
            platform.get(platform.edge("/greeting"));
            return tail.isDone();
        });
        assertThat(tail.join().out()).contains("\"site\":\"demo\"", "\"target\":\"/greeting\"", "\"node\":\"node-0\"");
    }

    @Test
    @Order(14)
    void theCommandHasHelpWithAnExampleAndExitsWithTwoOnWrongUsage() throws IOException {
        // That every subcommand does is tried without a process for each, in CommandLineTest.
        for (String command : List.of("up", "deploy")) {
            Platform.Said help = platform.verge(command, "--help");
            assertThat(help.exit()).as(command).isZero();
            assertThat(help.out()).as(command).containsIgnoringCase("example").contains("verge " + command);
            assertThat(platform.verge(command, "--no-such-option").exit())
                    .as(command)
                    .isEqualTo(2);
        }
    }

    @Test
    @Order(15)
    void theDataFolderOfThisRunIsLockedForOthers() throws IOException {
        try (Platform second = Platform.launch(platform.data(), Platform.Ports.free())) {
            assertThat(second.awaitExit(Duration.ofSeconds(20))).isEqualTo(1);
            assertThat(second.lines().getLast())
                    .contains(platform.data().toString())
                    .contains("another");
        }
    }

    @Test
    @Order(16)
    void requestToAnUnknownHostIsMisdirected() throws IOException {
        try (Socket socket = new Socket("localhost", platform.ports().http())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: nobody.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 421 ");
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "e2e", matches = "all")
    @Order(20)
    void aFunctionRunsWithWhatItIsBoundTo(@TempDir Path work) throws IOException {
        BoundFunction function = new BoundFunction(platform, work);
        function.push();
        function.secret("first");
        function.kv("dark");
        function.serve(currentSite());
        function.awaitAnswer("blue first dark greetings /there");

        function.secret("second");
        function.kv("light");
        function.awaitAnswer("blue second light greetings /there");
    }

    @Test
    @EnabledIfSystemProperty(named = "e2e", matches = "all")
    @Order(21)
    void aScheduleRunsOnOneNodeAndIsRecorded(@TempDir Path work) throws IOException {
        BoundFunction function = new BoundFunction(platform, work);
        Platform.Said run = platform.verge("schedule", "run", BoundFunction.NAME, "0 3 * * *");
        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out()).contains("ok").contains("node-");
        Await.until(
                "what the handler wrote",
                Duration.ofSeconds(10),
                () -> platform.verge("kv", "get", "prefs", "fired").out().equals("0 3 * * *"));
        assertThat(platform.verge("schedule", "list", BoundFunction.NAME).out()).isEqualTo("30 4 * * *\n");
        assertThat(platform.verge("schedule", "runs", BoundFunction.NAME).out()).contains("0 3 * * *");
        function.awaitAnswer("blue second light greetings /there");
        assertThat(function.tailOfOneRun()).contains("\"outcome\":\"ok\"").contains("\"function\":\"bound\"");
    }

    @Test
    @EnabledIfSystemProperty(named = "e2e", matches = "all")
    @Order(22)
    void aVersionWithoutTrafficAnswersWhenItIsCalledDirectly(@TempDir Path work) throws IOException {
        BoundFunction function = new BoundFunction(platform, work);
        int version = function.pushQuietly("green");
        Platform.Said said = platform.verge("invoke", BoundFunction.NAME, "--version", "" + version);
        assertThat(said.exit()).as(said.toString()).isZero();
        assertThat(said.out()).isEqualTo("green second light greetings /there");
        function.awaitAnswer("blue second light greetings /there");
    }

    @Test
    @Order(98)
    void newProcessesTakeTheNodesPlacesUnderLoadAndNobodyNotices() throws IOException {
        platform.get(platform.edge("/"));
        long before = platform.part("node-0").pid();
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Integer>> clients = List.of(
                RenewalClient.start(platform.ports().http(), "/", true, over),
                RenewalClient.start(platform.ports().http(), "/api/time", true, over),
                RenewalClient.start(platform.ports().http(), "/", false, over),
                RenewalClient.start(platform.ports().http(), "/slow?ms=500", false, over));
        platform.renew();
        assertThat(platform.part("node-0").pid()).isNotEqualTo(before);
        assertThat(platform.lines()).contains("node-0 pid " + before + " has handed over: ended by itself");
        assertThat(cacheStatus(platform.get(platform.edge("/"))))
                .as("the new process has what the old one had cached")
                .startsWith("verge; hit");
        over.set(true);
        for (CompletableFuture<Integer> client : clients) {
            assertThat(client.join()).as("answers, each of them 200").isPositive();
        }
    }

    @Test
    @Order(99)
    void ctrlCLeavesNoProcessBehindAndASecondStartKeepsTheData() throws IOException {
        List<ProcessHandle> tree = platform.tree();
        assertThat(tree).hasSizeGreaterThanOrEqualTo(5);
        assertThat(platform.interrupt()).isIn(0, 130);
        Await.until(
                "all processes gone: " + tree,
                Duration.ofSeconds(5),
                () -> tree.stream().noneMatch(ProcessHandle::isAlive));

        platform = Platform.start(data, "--nodes", "2");
        assertThat(platform.get(platform.edge("/greeting")).body()).isEqualTo("applied");
        assertThat(platform.get(platform.edge("/hello")).body()).startsWith("second version");
    }

    private static String currentSite() throws IOException {
        Platform.Said said = platform.verge("get", "site", "demo");
        assertThat(said.exit()).as(said.toString()).isZero();
        return said.out();
    }
}
