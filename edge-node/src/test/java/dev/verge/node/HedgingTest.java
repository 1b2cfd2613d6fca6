package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.verge.node.TraceCollector.Told;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A second try beside a slow one (retries.hedge). The slow origin answers only when it is let. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HedgingTest {
    private final Semaphore slowMay = new Semaphore(0);
    private final Semaphore otherMay = new Semaphore(0);
    private final RawOrigin slow = RawOrigin.answering(head -> after(slowMay, "200 OK", "slow"));
    private final RawOrigin quick = RawOrigin.answering(head -> text("200 OK", "quick"));
    private final RawOrigin broken = RawOrigin.answering(head -> text("503 Away", "broken"));
    private final RawOrigin held = RawOrigin.answering(head -> after(otherMay, "200 OK", "held"));
    private TraceCollector collector;
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        collector = new TraceCollector(Vertx.vertx());
        installation = new Installation(
                data, "tracing: {endpoint: \"http://127.0.0.1:%d\", sample: 1}".formatted(collector.port()));
        String pool = """
                  %s:
                    origins: [{url: "http://127.0.0.1:%d"}, {url: "http://127.0.0.1:%d", role: backup}]
                    outlier: {consecutive5xx: 1, consecutiveGatewayFailures: 1}
                    retries: {attempts: 1, hedge: {after: 30ms}%s}
                """;
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                defaultPool: slow
                pools:
                %s%s%s%s%s%srules:
                  - {name: broken, when: {path: /broken}, do: [{pool: broken}]}
                  - {name: held, when: {path: /held}, do: [{pool: held}]}
                  - {name: poor, when: {path: /poor}, do: [{pool: poor}]}
                  - {name: ready, when: {path: /ready}, do: [{pool: ready}]}
                  - {name: late, when: {path: /late}, do: [{pool: late}]}
                """.formatted(
                        pool.formatted("slow", slow.port(), quick.port(), ""),
                        pool.formatted("broken", slow.port(), broken.port(), ""),
                        pool.formatted("held", slow.port(), held.port(), ""),
                        pool.formatted("poor", slow.port(), quick.port(), ", budgetPercent: 0, minBudget: 0"),
                        pool.formatted("ready", quick.port(), slow.port(), ""),
                        pool.formatted("late", slow.port(), held.port(), ", perTryTimeout: 300ms")));
    }

    @AfterAll
    void stop() {
        slowMay.release(100);
        otherMay.release(100);
        installation.close();
        collector.stop();
        slow.close();
        quick.close();
        broken.close();
        held.close();
    }

    @BeforeEach
    void hold() {
        slowMay.drainPermits();
        otherMay.drainPermits();
    }

    private static String text(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nCache-Control: no-store\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private static String after(Semaphore may, String status, String body) {
        may.acquireUninterruptibly();
        return text(status, body);
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(installation.url(path)).build();
    }

    private String fetched(String path) {
        return installation.send(get(path)).body();
    }

    private CompletableFuture<String> begin(HttpRequest request) {
        return installation
                .client
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body);
    }

    private double metric(String start) {
        return installation
                .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private double hedges(String pool, String end) {
        return metric("verge_pool_hedges_total{end=\"" + end + "\",pool=\"" + pool + "\"");
    }

    @Test
    void aSlowOriginIsOutrunAndNotBlamed() {
        int asked = slow.heads.size();
        assertThat(fetched("/one")).isEqualTo("quick");
        assertThat(slow.heads).hasSize(asked + 1);
        assertThat(hedges("slow", "won")).isEqualTo(1);
        assertThat(metric("verge_origin_tries_total{origin=\"http://127.0.0.1:" + slow.port()
                        + "\",outcome=\"outrun\",pool=\"slow\""))
                .isEqualTo(1);
        assertThat(metric("verge_origin_ejected{origin=\"http://127.0.0.1:" + slow.port()))
                .isZero();
        Installation.until("nothing is left behind", () -> metric("verge_pool_requests{pool=\"slow\"") == 0);
    }

    @Test
    void theTraceTellsWhichTryRanBesideWhich() {
        assertThat(fetched("/traced")).isEqualTo("quick");
        List<Told> trace = collector.trace("/traced", "GET shop", "GET", "GET");
        assertThat(TraceCollector.named(trace, "GET shop").get("verge.hedges")).isEqualTo("1");
        assertThat(trace.stream().filter(span -> span.name().equals("GET")))
                .extracting(span -> span.get("server.port"), span -> span.get("verge.hedge"))
                .containsExactlyInAnyOrder(
                        tuple(Integer.toString(slow.port()), ""), tuple(Integer.toString(quick.port()), "true"));
        assertThat(fetched("/ready")).isEqualTo("quick");
        assertThat(TraceCollector.named(collector.trace("/ready", "GET shop/ready"), "GET shop/ready")
                        .attributes())
                .doesNotContainKey("verge.hedges");
    }

    @Test
    void aQuickOriginIsTriedAlone() {
        assertThat(fetched("/ready")).isEqualTo("quick");
        assertThat(hedges("ready", "won") + hedges("ready", "lost") + hedges("ready", "failed"))
                .isZero();
    }

    @Test
    void aFailureBesideASlowTryDoesNotEndIt() {
        int asked = broken.heads.size();
        CompletableFuture<String> answer = begin(get("/broken"));
        Installation.until("the other has failed", () -> hedges("broken", "failed") == 1);
        assertThat(broken.heads).hasSize(asked + 1);
        assertThat(answer).isNotDone();
        releaseOf(answer);
        assertThat(answer.join()).isEqualTo("slow");
    }

    @Test
    void theFirstTryMayStillWin() {
        int asked = held.heads.size();
        CompletableFuture<String> answer = begin(get("/held"));
        Installation.until("the other is asked", () -> held.heads.size() == asked + 1);
        releaseOf(answer);
        assertThat(answer.join()).isEqualTo("slow");
        Installation.until("the other has lost", () -> hedges("held", "lost") == 1);
    }

    /** Answers of tries that were given up take a permit too. */
    private void releaseOf(CompletableFuture<String> answer) {
        Installation.until("the slow origin has answered", () -> {
            slowMay.release();
            return answer.isDone();
        });
    }

    @Test
    void anErrorTellsThatMoreThanOneWasAsked() {
        HttpResponse<String> late = installation.send(get("/late"));
        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(late.headers().firstValue("proxy-status"))
                .contains("verge; error=http_response_timeout; details=\"2 tries, 1 beside another\"");
    }

    @Test
    void whatIsNotSafeIsSentOnce() {
        int asked = quick.heads.size();
        CompletableFuture<String> answer = begin(HttpRequest.newBuilder(installation.url("/post"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
        CompletableFuture<String> content = begin(HttpRequest.newBuilder(installation.url("/content"))
                .method("GET", HttpRequest.BodyPublishers.ofString("content"))
                .build());
        // Those that may be are, meanwhile.
        assertThat(fetched("/two")).isEqualTo("quick");
        assertThat(quick.heads).hasSize(asked + 1);
        releaseOf(answer);
        releaseOf(content);
        assertThat(answer.join() + content.join()).isEqualTo("slowslow");
    }

    @Test
    void theRetryBudgetBoundsIt() {
        CompletableFuture<String> answer = begin(get("/poor"));
        Installation.until(
                "the budget held it back",
                () -> metric("verge_pool_limited_total{limit=\"retry-budget\",pool=\"poor\"") >= 1);
        releaseOf(answer);
        assertThat(answer.join()).isEqualTo("slow");
    }
}
