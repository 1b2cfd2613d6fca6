package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector that is slow or away costs spans, which are counted, and no request. */
class OverloadedCollectorTest {
    private static final String SENT = "verge_trace_spans_total{result=\"sent\"}";
    private static final String FULL = "verge_trace_spans_total{result=\"lost-full\"}";
    private static final String FAILED = "verge_trace_spans_total{result=\"lost-failed\"}";

    static double metric(Installation installation, String name) {
        String metrics = installation
                .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                .body();
        Matcher line =
                Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(metrics);
        return line.find() ? Double.parseDouble(line.group(1)) : -1;
    }

    private static String site(int port) {
        return """
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                rules: [{name: here, do: [{respond: {status: 204}}]}]
                """.formatted(port);
    }

    @Test
    void whenItIsSlowTheQueueFillsToItsBoundAndWhenItIsAwayBatchesAreGivenUp(@TempDir Path data) {
        TraceCollector collector = new TraceCollector(io.vertx.core.Vertx.vertx());
        collector.holds = true;
        try (Installation installation = new Installation(
                data,
                "functions: {spareHosts: 0}\ntracing: {endpoint: \"http://127.0.0.1:" + collector.port()
                        + "\", sample: 1, timeout: 1s, queueSpans: 64}")) {
            installation.publish(site(1));
            // A batch is under way and not taken; behind it there is room for so many.
            assertThat(installation.get("/").statusCode()).isEqualTo(204);
            Installation.until("a batch", () -> !collector.held.isEmpty());
            for (int i = 0; i < 100; i++) {
                assertThat(installation.get("/").statusCode()).isEqualTo(204);
            }
            Installation.until("the bound", () -> metric(installation, FULL) > 0);
            assertThat(metric(installation, "verge_trace_queue")).isLessThanOrEqualTo(64);
            Installation.until("the batch given up", () -> metric(installation, FAILED) > 0);

            collector.holds = false;
            Installation.until("spans taken again", () -> {
                installation.get("/");
                return metric(installation, SENT) > 0;
            });

            collector.stop();
            double before = metric(installation, FAILED);
            Installation.until("what cannot be sent", () -> {
                assertThat(installation.get("/").statusCode()).isEqualTo(204);
                return metric(installation, FAILED) > before;
            });
        }
    }

    @Test
    void withoutOneNothingIsRecordedAndATraceHasTheNumberOfItsRequest(@TempDir Path data) {
        try (EchoOrigin origin = new EchoOrigin(request -> new EchoOrigin.Reply(
                        200, java.util.List.of("Cache-Control: no-store"), request.field("traceparent")));
                LogLines access = new LogLines("dev.verge.access");
                Installation installation = new Installation(data, "functions: {spareHosts: 0}")) {
            installation.publish("""
                    site: shop
                    hosts: [127.0.0.1]
                    pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                    """.formatted(origin.port()));
            var answer = installation.get("/untraced");
            String id = answer.headers().firstValue("x-request-id").orElseThrow();
            assertThat(answer.body()).matches("00-" + id + "-[0-9a-f]{16}-00");
            assertThat(access.with("/untraced")).contains("\"traceId\":\"" + id + "\"");
            assertThat(metric(installation, SENT)).isZero();
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().equals("verge-traces"));
        }
    }
}
