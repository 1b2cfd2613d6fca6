package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.binding.Binder;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderField;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.order.SiteTrace;
import dev.verge.sync.order.TraceOrder;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a node says that it would do with a request, beside what it does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuleTraceTest {
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\nCache-Control: no-store\r\n\r\nhi";

    private final AtomicInteger asked = new AtomicInteger();
    private RawOrigin origin;
    private RawOrigin probed;
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        origin = new RawOrigin((socket, out) -> {
            asked.incrementAndGet();
            RawOrigin.write(out, ANSWER);
        });
        probed = new RawOrigin((socket, out) -> RawOrigin.write(out, ANSWER));
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                defaultPool: app
                pools:
                  app: {origins: [{url: "http://127.0.0.1:%1$d"}]}
                  api: {origins: [{url: "http://127.0.0.1:%1$d"}]}
                  half:
                    method: ip-hash
                    origins: [{url: "http://127.0.0.1:1"}, {url: "http://127.0.0.1:%2$d", role: backup}]
                    healthCheck: {interval: 100ms, consecutiveDown: 1}
                functions: {hello: {function: hello}}
                rules:
                  - {name: limit, continue: true, when: {path: /api/*}, do: [{rateLimit: {requests: 1, per: 1m, burst: 1}}]}
                  - {name: post, when: {path: /api/*, method: POST}, do: [{deny: {status: 405}}]}
                  - {name: beta, when: {expr: "request.headers['x-beta'] == 'on'"}, do: [{redirect: {to: "/beta${path}", status: 307}}]}
                  - {name: api, when: {path: "~^/api/(?<rest>.*)"}, do: [{pool: api}, {rewrite: {path: "/v2/${rest}"}}, {setRequestHeader: {X-A: b}}]}
                  - {name: missed, when: {path: /fn}, do: [{run: hello, at: miss}]}
                  - {name: kept, when: {path: /kept}, do: [{cache: {edgeTtl: {mode: override, default: 1h}}}]}
                  - {name: half, when: {path: /half}, do: [{pool: half}]}
                  - {name: late, do: [{bypassCache: true}]}
                  - {name: failed, when: {status: 500-599}, do: [{setResponseHeader: {X-Failed: "yes"}}]}
                """.formatted(origin.port(), probed.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
        probed.close();
    }

    private OrderResult order(String site, String method, String url, int status, OrderField... headers) {
        return installation.order(
                Order.trace("t", "default", new TraceOrder(site, method, url, List.of(headers), "192.0.2.7", status)));
    }

    private SiteTrace trace(String method, String path, int status, OrderField... headers) {
        OrderResult result = order("shop", method, "http://127.0.0.1:8080" + path, status, headers);
        assertThat(result.reason()).isEmpty();
        String json = new String(Base64.getDecoder().decode(result.body()), StandardCharsets.UTF_8);
        return Binder.standard().bindText(json, SiteTrace.class).orThrow();
    }

    private static List<String> lines(SiteTrace trace) {
        return trace.rules().stream()
                .map(step -> step.rule() + " " + step.result() + (step.why().isEmpty() ? "" : ": " + step.why()))
                .toList();
    }

    @Test
    void saysOfEachRuleWhetherItMatchesOrWhatFailedFirstAndWhatFollows() {
        SiteTrace trace = trace("GET", "/api/cart?a=1", 502);
        assertThat(lines(trace))
                .containsExactly(
                        "limit matched",
                        "post not-matched: method: GET is not POST",
                        "beta not-matched: expr: cannot be evaluated (something it asks for is not there):"
                                + " request.headers['x-beta'] == 'on'",
                        "api matched",
                        "missed skipped: rule api decided",
                        "kept skipped: rule api decided",
                        "half skipped: rule api decided",
                        "late skipped: rule api decided",
                        "failed matched");
        assertThat(trace.ending()).isEqualTo("pass");
        assertThat(trace.pool()).isEqualTo("api");
        assertThat(trace.originTarget()).isEqualTo("/v2/cart?a=1");
        assertThat(trace.requestHeaders()).containsExactly("set X-A: b");
        assertThat(trace.responseHeaders()).containsExactly("set X-Failed: yes");
        assertThat(trace.rateLimits()).containsExactly("limit: 1 in 60 s, at once 1, counted for 192.0.2.7");
        assertThat(trace.key()).contains("/api/cart").contains("127.0.0.1");
        assertThat(trace.cache()).isNotNull();
    }

    @Test
    void endingsFunctionsAndBypassesAreTold() {
        SiteTrace redirect = trace("GET", "/x", 200, new OrderField("X-Beta", "on"));
        assertThat(redirect.ending() + redirect.status() + redirect.location()).isEqualTo("redirect307/beta/x");
        assertThat(redirect.pool()).isNull();
        assertThat(redirect.key()).isNull();

        SiteTrace denied = trace("POST", "/api/x", 200);
        assertThat(denied.ending() + denied.status()).isEqualTo("deny405");

        SiteTrace missed = trace("GET", "/fn", 200);
        assertThat(missed.function()).isEqualTo("hello");
        assertThat(missed.atMiss()).isTrue();
        assertThat(missed.originTarget()).isNull();

        SiteTrace late = trace("GET", "/other", 200);
        assertThat(late.bypassCache()).isTrue();
        assertThat(late.pool()).isEqualTo("app");
        assertThat(late.key()).isNull();
    }

    @Test
    void whatTheCacheDecidesAtThisMomentIsToldWithItsSection() {
        assertThat(trace("GET", "/kept", 200).decision())
                .isEqualTo("miss: nothing is stored under the key (RFC 9111 §4)");
        installation.get("/kept");
        assertThat(installation.get("/kept").headers().firstValue("cache-status"))
                .get()
                .asString()
                .contains("hit");
        assertThat(trace("GET", "/kept", 200).decision())
                .matches("hit: a stored 200, [0-9]+ s old, fresh for 3[0-9]{3} s more \\(RFC 9111 §4.2\\)");
        assertThat(trace("GET", "/kept", 200, new OrderField("Cache-Control", "no-cache"))
                        .decision())
                .contains("is not what the request's Cache-Control asks for");
        assertThat(trace("GET", "/kept?other", 200, new OrderField("Cache-Control", "only-if-cached"))
                        .decision())
                .startsWith("504:");
        assertThat(trace("GET", "/other", 200).decision()).startsWith("passed by: the rules");
        assertThat(trace("POST", "/kept", 200).decision()).contains("only GET and HEAD");
        assertThat(trace("POST", "/api/x", 200).decision()).isNull();
    }

    @Test
    void betweenWhichOriginsItChoosesIsTold() {
        String url = "http://127.0.0.1:" + origin.port();
        assertThat(trace("GET", "/kept", 200).origins()).hasSize(2).first().isEqualTo("random-two among 1 of 1");
        assertThat(trace("GET", "/kept", 200).origins().getLast()).startsWith(url + ": usable, 0 under way");
        assertThat(trace("GET", "/fn", 200).origins()).isEmpty();

        Installation.until(
                "the dead origin is down",
                () -> trace("GET", "/half", 200).origins().get(1).matches("http://127.0.0.1:1: down, .+; not asked"));
        assertThat(trace("GET", "/half", 200).origins()).first().isEqualTo("ip-hash among 1 of 2");
        assertThat(trace("GET", "/half", 200).origins().getLast())
                .startsWith("http://127.0.0.1:" + probed.port() + ": backup, usable");
    }

    @Test
    void nothingIsSentNorTakenFromALimitAndTheNodeDoesWhatItSaid() {
        int before = asked.get();
        for (int i = 0; i < 5; i++) {
            trace("GET", "/api/limited", 200);
        }
        assertThat(asked.get()).isEqualTo(before);
        assertThat(installation.get("/api/limited").statusCode()).isEqualTo(200);
        assertThat(installation.get("/api/limited").statusCode()).isEqualTo(429);

        HttpResponse<String> redirect = installation.get("/y", "X-Beta", "on");
        assertThat(redirect.statusCode()).isEqualTo(307);
        assertThat(redirect.headers().firstValue("location")).contains("/beta/y");
        installation.get("/z");
        assertThat(installation
                        .send(java.net.http.HttpRequest.newBuilder(installation.admin("/metrics"))
                                .build())
                        .body())
                .containsPattern("verge_rules_expression_errors_total [1-9]");
    }

    @Test
    void whatIsNotTheSitesIsRefused() {
        assertThat(order("shop", "GET", "http://other.example/", 200).reason())
                .contains("does not serve other.example");
        assertThat(order("other", "GET", "http://127.0.0.1/", 200).reason()).contains("for site other");
        assertThat(order("shop", "GET", "/relative", 200).reason()).contains("absolute");
        assertThat(order("shop", "GET", "http://127.0.0.1/ x", 200).outcome()).isEqualTo(OrderResult.NOT_RUN);
    }
}
