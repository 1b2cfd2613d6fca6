package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.TraceCollector.Told;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a collector gets told of requests, from their heads to functions and origins. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch slow = new CountDownLatch(1);
    private TraceCollector collector;
    private EchoOrigin origin;
    private Installation installation;
    private int dead;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = unused.getLocalPort();
        }
        origin = new EchoOrigin(request -> {
            if (request.path().equals("/slow")) {
                slow.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return new EchoOrigin.Reply(
                    request.path().equals("/fails") ? 500 : 200,
                    List.of("Cache-Control: max-age=60"),
                    request.field("traceparent"));
        });
        collector = new TraceCollector(io.vertx.core.Vertx.vertx());
        installation = new Installation(data, """
                tracing:
                  endpoint: "http://127.0.0.1:%d"
                  sample: 1
                  headers: {Authorization: "Bearer secret"}
                  resource: {deployment.environment.name: test}
                trustedProxies: [127.0.0.1/32]
                functions: {spareHosts: 1}
                """.formatted(collector.port()));
        Installation.until(
                "a function host",
                () -> installation
                        .send(java.net.http.HttpRequest.newBuilder(installation.admin("/readyz"))
                                .build())
                        .body()
                        .contains("\"functions\":\"warm(1)\""));
        installation.publishFunction("outer", """
                export default {
                  async fetch(request, env) {
                    const inner = await fetch(new URL("/from-function", request.url), {headers: {traceparent: "00-11111111111111111111111111111111-1111111111111111-01"}});
                    const egress = await fetch("http://127.0.0.1:%d/elsewhere");
                    return new Response(request.headers.get("traceparent") + " " + await inner.text() + " " + await egress.text());
                  }
                }
                """.formatted(origin.port()), egress("127.0.0.1"), java.util.Map.of());
        installation.publish("""
                site: shop
                hosts: [127.0.0.1, localhost]
                defaultPool: app
                pools:
                  app: {origins: [{url: "http://127.0.0.1:%1$d"}]}
                  half: {method: round-robin, outlier: {consecutiveGatewayFailures: 1000}, origins: [{url: "http://127.0.0.1:%2$d"}, {url: "http://127.0.0.1:%1$d", role: backup}]}
                functions: {outer: {function: outer}}
                rules:
                  - {name: run, when: {path: /fn}, do: [{run: outer}]}
                  - {name: half, when: {path: /half}, do: [{pool: half}, {bypassCache: true}]}
                """.formatted(origin.port(), dead));
    }

    private static dev.verge.sync.document.FunctionManifest egress(String host) {
        return dev.verge.sync.binding.Binder.standard()
                .bindText(
                        "{egress: [\"" + host + "\"], limits: {cpu: 500ms}}",
                        dev.verge.sync.document.FunctionManifest.class)
                .orThrow();
    }

    @AfterAll
    void stop() {
        go.countDown();
        installation.close();
        origin.close();
        collector.stop();
    }

    /** A client that is no trusted proxy. */
    private Wire.Reply stranger(String path, String... lines) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(),
                installation.node().httpPort(),
                InetAddress.getByName("127.0.0.2"),
                0);
        try (Wire wire = new Wire(socket)) {
            return wire.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", lines)
                            + (lines.length == 0 ? "" : "\r\n") + "\r\n")
                    .reply();
        }
    }

    @Test
    void aRequestIsOneSpanWithItsLookupAndItsTryBelow() throws IOException {
        Wire.Reply reply = stranger(
                "/plain?sig=s3cret&b=2",
                "User-Agent: Test/1",
                "traceparent: 00-" + TRACE + "-" + PARENT + "-01",
                "tracestate: foo=1");
        List<Told> trace = collector.trace("/plain", "GET shop", "cache lookup", "GET");

        Told server = TraceCollector.named(trace, "GET shop");
        assertThat(server.parent()).isEmpty();
        assertThat(server.trace()).isNotEqualTo(TRACE);
        assertThat(server.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
        assertThat(server.attributes())
                .containsEntry("http.request.method", "GET")
                .containsEntry("http.route", "shop")
                .containsEntry("http.response.status_code", "200")
                .containsEntry("url.scheme", "http")
                .containsEntry("url.path", "/plain")
                .containsEntry("url.query", "sig=REDACTED&b=2")
                .containsEntry("server.address", "localhost")
                .containsEntry("client.address", "127.0.0.2")
                .containsEntry("network.protocol.version", "1.1")
                .containsEntry("user_agent.original", "Test/1")
                .containsEntry("verge.site", "shop")
                .containsEntry("verge.cache.status", "miss")
                .containsKey("verge.request_id")
                .doesNotContainKey("error.type");
        assertThat(TraceCollector.attributes(server.resource().getAttributesList()))
                .containsEntry("service.name", "verge")
                .containsEntry("service.instance.id", "n")
                .containsEntry("deployment.environment.name", "test");
        assertThat(collector.authorizations).contains("Bearer secret").doesNotContain("null");

        Told lookup = TraceCollector.named(trace, "cache lookup");
        assertThat(lookup.parent()).isEqualTo(server.id());
        assertThat(lookup.get("verge.cache.fwd")).isEqualTo("uri-miss");
        Told attempt = TraceCollector.named(trace, "GET");
        assertThat(attempt.parent()).isEqualTo(server.id());
        assertThat(attempt.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
        assertThat(attempt.attributes())
                .containsEntry("server.address", "127.0.0.1")
                .containsEntry("server.port", Integer.toString(origin.port()))
                .containsEntry("http.response.status_code", "200")
                .doesNotContainKey("http.request.resend_count");
        assertThat(reply.content()).isEqualTo("00-" + server.trace() + "-" + attempt.id() + "-01");
    }

    @Test
    void aTraceGoesThroughFunctionsToOriginsAndTheirLogsNameIt() {
        try (LogLines access = new LogLines("dev.verge.access");
                LogLines functions = new LogLines("dev.verge.function")) {
            String[] seen = installation.get("/fn").body().split(" ", -1);
            List<Told> trace = collector.trace("/fn", "GET shop/run", "function outer", "fetch", "GET", "GET");
            Told server = TraceCollector.named(trace, "GET shop/run");
            Told function = TraceCollector.named(trace, "function outer");
            Told fetch = TraceCollector.named(trace, "fetch");
            List<Told> tries =
                    trace.stream().filter(span -> span.name().equals("GET")).toList();

            assertThat(function.parent()).isEqualTo(server.id());
            assertThat(function.attributes())
                    .containsEntry("verge.function.outcome", "ok")
                    .containsEntry("verge.function.subrequests", "2")
                    .containsKey("verge.function.cpu_ms")
                    .containsKey("faas.coldstart");
            assertThat(seen[0]).isEqualTo("00-" + server.trace() + "-" + function.id() + "-01");
            assertThat(fetch.parent()).isEqualTo(function.id());
            assertThat(fetch.get("verge.cache.status")).isEqualTo("miss");
            Told own = tries.stream()
                    .filter(span -> span.parent().equals(fetch.id()))
                    .findFirst()
                    .orElseThrow();
            Told egress = tries.stream()
                    .filter(span -> span.parent().equals(function.id()))
                    .findFirst()
                    .orElseThrow();
            assertThat(seen[1]).isEqualTo("00-" + server.trace() + "-" + own.id() + "-01");
            assertThat(seen[2]).isEqualTo("00-" + server.trace() + "-" + egress.id() + "-01");

            assertThat(access.with("\"target\":\"/fn\"")).contains("\"traceId\":\"" + server.trace() + "\"");
            assertThat(functions.with("\"function\":\"outer\"")).contains("\"traceparent\":\"" + seen[0] + "\"");
        }
    }

    @Test
    void aTrustedPeersTraceGoesOnAndItsWordOnSamplingHolds() {
        HttpResponse<String> sampled = installation.get(
                "/sampled", "traceparent", "00-" + TRACE + "-" + PARENT + "-01", "tracestate", "foo=1,bar=2");
        List<Told> trace = collector.trace("/sampled", "GET shop");
        Told server = TraceCollector.named(trace, "GET shop");
        assertThat(server.trace()).isEqualTo(TRACE);
        assertThat(server.parent()).isEqualTo(PARENT);
        assertThat(server.span().getTraceState()).isEqualTo("foo=1,bar=2");
        assertThat(sampled.body()).startsWith("00-" + TRACE).endsWith("-01");
        assertThat(origin.last().field("tracestate")).isEqualTo("foo=1,bar=2");

        String other = "00-" + TRACE.replace('0', 'd') + "-" + PARENT + "-00";
        assertThat(installation.get("/unsampled", "traceparent", other).body()).isEqualTo(other);
        installation.get("/unreadable", "traceparent", "00-xyz", "tracestate", "foo=1");
        assertThat(collector.trace("/unreadable", "GET shop").getFirst().trace())
                .isNotEqualTo(TRACE);
        assertThat(origin.last().field("tracestate")).isEmpty();
        assertThat(collector.spans).noneMatch(span -> span.get("url.path").equals("/unsampled"));
    }

    @Test
    void eachTryIsASpanAndSaysHowItEnded() {
        HttpResponse<String> answer = installation.get("/half");
        List<Told> trace = collector.trace("/half", "GET shop/half", "GET", "GET");
        Told server = TraceCollector.named(trace, "GET shop/half");
        List<Told> tries =
                trace.stream().filter(span -> span.name().equals("GET")).toList();
        assertThat(tries).hasSize(2).allMatch(span -> span.parent().equals(server.id()));
        assertThat(tries.getFirst().attributes())
                .containsEntry("error.type", "origin-refused")
                .containsEntry("server.port", Integer.toString(dead));
        assertThat(tries.getFirst().span().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
        assertThat(tries.getLast().attributes()).containsEntry("http.request.resend_count", "1");
        assertThat(answer.body())
                .isEqualTo("00-" + server.trace() + "-" + tries.getLast().id() + "-01");

        installation.get("/fails");
        Told failed = TraceCollector.named(collector.trace("/fails", "GET shop"), "GET shop");
        assertThat(failed.get("error.type")).isEqualTo("500");
        assertThat(failed.span().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
    }

    @Test
    void waitingForAnotherRequestIsASpanOfItsOwn() throws InterruptedException {
        // Else one that ends late is taken for one of the others, and that one comes too late.
        Installation.until("nobody else is there", () -> metric("verge_requests_active") == 0);
        CompletableFuture<HttpResponse<String>> first = installation.client.sendAsync(
                installation.request("/slow").build(), HttpResponse.BodyHandlers.ofString());
        slow.await();
        List<CompletableFuture<HttpResponse<String>>> others = Stream.generate(() -> installation.client.sendAsync(
                        installation.request("/slow").build(), HttpResponse.BodyHandlers.ofString()))
                .limit(OTHERS)
                .toList();
        Installation.until("all others wait", () -> metric("verge_requests_waiting") == OTHERS);
        go.countDown();
        first.join();
        // Who comes to it after the last of its bytes finds what was stored, and does not say that it was collapsed.
        assertThat(others)
                .extracting(other -> Installation.cacheStatus(other.join()))
                .allMatch(status -> status.endsWith("; collapsed") || status.startsWith("verge; hit"));
        assertThat(metric("verge_requests_waiting")).isZero();
        Installation.until(
                "the wait",
                () -> collector.spans.stream()
                        .anyMatch(span -> span.name().equals("collapse wait")
                                && span.get("verge.cache.status").equals("hit")));
        assertThat(metric("verge_request_phase_seconds_count{phase=\"collapse\"}"))
                .isPositive();
        assertThat(metric("verge_request_phase_seconds_count{phase=\"origin\"}"))
                .isPositive();
    }

    private static final int OTHERS = 3;

    private double metric(String name) {
        return OverloadedCollectorTest.metric(installation, name);
    }

    @Test
    void whatOpensTheCollectorIsNotShown() {
        String config = installation
                .send(java.net.http.HttpRequest.newBuilder(installation.admin("/config"))
                        .build())
                .body();
        assertThat(config).contains("\"Authorization\" : \"***\"").doesNotContain("secret");
    }
}
