package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What an answer tells of itself to those whom the site allows to ask, and what the log says of it in Apache's format. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DebugAnswerTest {
    private Installation installation;
    private EchoOrigin origin;

    @BeforeAll
    void start(@TempDir Path data) {
        origin = new EchoOrigin(request -> new EchoOrigin.Reply(
                200, java.util.List.of("Cache-Control: max-age=60"), request.field("verge-debug")));
        installation = new Installation(data, "functions: {spareHosts: 0}\naccessLog: {format: combined}");
        String many = IntStream.range(0, 60)
                .mapToObj(i ->
                        "  - {name: rule-with-quite-a-long-name-number-%02d, continue: true, when: {path: /many}, do: [{setRequestHeader: {X-%d: a}}]}"
                                .formatted(i, i))
                .collect(Collectors.joining("\n"));
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                defaultPool: app
                debug: {allow: [127.0.0.1/32]}
                pools:
                  app: {origins: [{url: "http://127.0.0.1:%1$d"}]}
                  api: {origins: [{url: "http://127.0.0.1:%1$d"}]}
                rules:
                  - {name: api, when: {path: /api/*}, do: [{pool: api}]}
                  - {name: gone, when: {path: /gone}, do: [{respond: {status: 410}}]}
                  - {name: marked, when: {status: 200}, do: [{setResponseHeader: {X-Marked: "yes"}}]}
                %2$s
                """.formatted(origin.port(), many));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    private static String trace(HttpResponse<?> answer) {
        return answer.headers().firstValue("verge-trace").orElse("");
    }

    @Test
    void whoMayAskIsToldKeyTimeAndRules() {
        HttpResponse<String> answer = installation.get("/api/x", "Verge-Debug", "1");
        int version = Integer.parseInt(trace(answer).replaceFirst(".*version=([0-9]+).*", "$1"));
        assertThat(trace(answer))
                .isEqualTo("\"shop\";version=" + version
                        + ";ending=pass;pool=\"api\";others=61, \"api\";phase=request, \"marked\";phase=response");
        assertThat(Installation.cacheStatus(answer)).contains("key=").contains("/api/x");
        assertThat(answer.headers().firstValue("server-timing").orElse("")).startsWith("verge;dur=");
        assertThat(answer.body()).as("what the origin saw of it").isEmpty();
        assertThat(trace(installation.get("/api/x", "Verge-Debug", "1"))).isEqualTo(trace(answer));

        assertThat(trace(installation.get("/gone", "Verge-Debug", "1")))
                .contains(";ending=respond;others=")
                .doesNotContain("pool=")
                .contains(", \"gone\";phase=request");
    }

    @Test
    void itIsBounded() {
        String trace = trace(installation.get("/many", "Verge-Debug", "1"));
        assertThat(trace).hasSizeLessThanOrEqualTo(2048).startsWith("\"shop\";");
        assertThat(trace).matches(".*, more;rules=[1-9][0-9]*");
    }

    @Test
    void whoMayNotIsToldNothing() throws IOException {
        for (String value : new String[] {"", "0", "true"}) {
            assertThat(trace(installation.get("/api/y", "Verge-Debug", value))).isEmpty();
        }
        assertThat(trace(installation.get("/api/y"))).isEmpty();
        Socket elsewhere = new Socket(
                InetAddress.getLoopbackAddress(),
                installation.node().httpPort(),
                InetAddress.getByName("127.0.0.2"),
                0);
        try (Wire wire = new Wire(elsewhere)) {
            assertThat(wire.send("GET /api/y HTTP/1.1\r\nHost: 127.0.0.1\r\nVerge-Debug: 1\r\n\r\n")
                            .reply()
                            .head())
                    .doesNotContain("verge-trace")
                    .doesNotContain("server-timing")
                    .doesNotContain("key=");
        }
    }

    @Test
    void theCombinedLogHasOneLineForEachRequestWhateverItsAgentSays() {
        try (LogLines log = new LogLines("dev.verge.access")) {
            String agent = "evil\" 200 1 \"-\" \"x\\ \u00e9\t";
            RawClient.get(
                    installation.node().httpPort(),
                    "127.0.0.1",
                    "/gone?a=\"b\"",
                    "User-Agent: " + agent,
                    "Referer: r\"");
            installation.get("/gone?last");
            log.with("/gone?last");
            assertThat(log.lines).hasSize(2);
            assertThat(log.lines.getFirst())
                    .matches("127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000] .*")
                    .endsWith("\"GET /gone?a=\\\"b\\\" HTTP/1.1\" 410 - \"r\\\"\""
                            + " \"evil\\\" 200 1 \\\"-\\\" \\\"x\\\\ \\xe9\"");
        }
    }
}
