package dev.verge.node.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.options.CacheOptions;
import dev.verge.node.rules.SiteRules.Entry;
import dev.verge.sync.document.SiteDocument;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteRulesTest {
    private static final String SITE = """
            site: shop
            hosts: [shop.example, "*.shop.example"]
            defaultPool: app
            pools:
              app: {origins: [{url: "http://127.0.0.1:9001"}]}
              api: {origins: [{url: "http://127.0.0.1:9002"}]}
            functions: {hello: {function: hello}}
            rules:
            """;

    /** A request as a line of text and its fields. */
    private record Sent(
            String method, String path, @Nullable String query, Map<String, List<String>> fields)
            implements RequestFacts {
        static Sent get(String target) {
            int mark = target.indexOf('?');
            return mark < 0
                    ? new Sent("GET", target, null, Map.of())
                    : new Sent("GET", target.substring(0, mark), target.substring(mark + 1), Map.of());
        }

        Sent with(String field, String value) {
            return new Sent(method, path, query, Map.of(field, List.of(value)));
        }

        Sent by(String otherMethod) {
            return new Sent(otherMethod, path, query, fields);
        }

        @Override
        public String scheme() {
            return "https";
        }

        @Override
        public String host() {
            return "www.shop.example";
        }

        @Override
        public List<String> header(String name) {
            return fields.getOrDefault(name, List.of());
        }

        @Override
        public void eachField(BiConsumer<String, String> action) {
            fields.forEach((name, lines) -> lines.forEach(line -> action.accept(name, line)));
        }

        @Override
        public InetAddress clientAddress() {
            try {
                return InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String country() {
            return "AT";
        }

        @Override
        public String requestId() {
            return "request-1";
        }
    }

    private static SiteRules rules(String yaml) {
        return SiteRules.compile(
                "default/shop", SiteDocument.read(SITE + yaml.indent(2)).orThrow());
    }

    private static RequestPlan plan(String yaml, RequestFacts request) {
        return rules(yaml).request(request, Entry.CLIENT);
    }

    @Test
    void withoutARuleTheRequestPassesUnchanged() {
        RequestPlan plan = SiteRules.compile(
                        "default/shop",
                        SiteDocument.read(SITE.replace("rules:\n", "")).orThrow())
                .request(Sent.get("/a?b=c"), Entry.CLIENT);
        assertThat(plan.ending()).isEqualTo(new Ending.Pass());
        assertThat(plan.pool()).isNull();
        assertThat(plan.originVariant()).isNull();
        assertThat(plan.path() + "?" + plan.query()).isEqualTo("/a?b=c");
        assertThat(plan.cache()).isEqualTo(CacheOptions.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "{path: /api/*}, /api/a/b, true",
                "{path: /api/*}, /apis, false",
                "{path: /a/*/c}, /a/b/c, true",
                "{path: /a/*/c}, /a/b/b/c, false",
                "{path: /a/**/c}, /a/b/b/c, true",
                "`{path: '~^/v[0-9]+/'}`, /v12/x, true",
                "`{path: '~^/v[0-9]+/'}`, /vx/x, false",
                "`{query: {a: '1'}}`, /?a=1, true",
                "`{query: {a: '1'}}`, /?a=2&a=1, true",
                "`{query: {a: 'x y'}}`, /?a=x%20y, true",
                "`{query: {a: 'x y'}}`, /?a=x+y, true",
                "`{query: {a: '*'}}`, /?a, true",
                "`{query: {a: '*'}}`, /?b=a, false",
                "{method: [GET]}, /, true",
                "{method: POST}, /, false",
                "`{host: '*.shop.example'}`, /, true",
                "{host: shop.example}, /, false",
                "{ip: 10.0.0.0/8}, /, true",
                "{ip: 192.168.0.0/16}, /, false",
                "{scheme: https}, /, true",
                "{scheme: http}, /, false",
                "{deviceType: desktop}, /, true",
                "{deviceType: mobile}, /, false",
                "`{any: [{path: /a}, {path: /b}]}`, /b, true",
                "`{any: [{path: /a}, {path: /b}]}`, /c, false",
                "{not: {path: /a}}, /a, false",
                "{not: {path: /a}}, /b, true",
                "`{expr: \"request.path == '/a' && request.query.b == 'x y'\"}`, /a?b=x+y&b=z, true",
                "`{expr: \"request.ip.startsWith('10.') && request.device == 'desktop'\"}`, /, true",
                "`{path: /b, expr: \"request.method == 'GET'\"}`, /a, false",
                "`{not: {expr: \"request.host.endsWith('.example')\"}}`, /, false",
                "`{path: /a, method: POST}`, /a, false",
                "{}, /anything, true"
            })
    void conditions(String when, String target, boolean holds) {
        RequestPlan plan = plan("- {name: r, when: " + when + ", do: [{deny: {status: 403}}]}", Sent.get(target));
        assertThat(plan.ending()).isEqualTo(holds ? new Ending.Deny(403) : new Ending.Pass());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`{cookie: {a: '1'}}`, cookie, `b=2; a=1`, true",
                "`{cookie: {a: '1'}}`, cookie, `a=\"1\"`, true",
                "`{cookie: {a: '1'}}`, cookie, `ba=1`, false",
                "`{header: {X-Beta: '~^on'}}`, x-beta, once, true",
                "`{header: {X-Beta: '*'}}`, x-other, on, false",
                "{deviceType: mobile}, user-agent, `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile`, true",
                "{deviceType: tablet}, user-agent, `Mozilla/5.0 (iPad; CPU OS 18_0)`, true"
            })
    void conditionsOnFields(String when, String field, String value, boolean holds) {
        RequestPlan plan = plan(
                "- {name: r, when: " + when + ", do: [{deny: {status: 403}}]}",
                Sent.get("/").with(field, value));
        assertThat(plan.ending()).isEqualTo(holds ? new Ending.Deny(403) : new Ending.Pass());
    }

    @Test
    void anExpressionThatCannotBeEvaluatedDoesNotMatchAndIsCounted() {
        String yaml = "- {name: r, when: {expr: \"request.headers['x-a'] == 'b'\"}, do: [{deny: {}}]}";
        RequestPlan without = plan(yaml, Sent.get("/"));
        assertThat(without.ending()).isEqualTo(new Ending.Pass());
        assertThat(without.expressionErrors()).isEqualTo(1);
        RequestPlan with = plan(yaml, Sent.get("/").with("x-a", "b"));
        assertThat(with.ending()).isEqualTo(new Ending.Deny(403));
        assertThat(with.expressionErrors()).isZero();
    }

    @Test
    void anExpressionSeesTheStatusOfTheResponse() {
        SiteRules rules = rules("""
                - {name: r, when: {expr: "response.status >= 500 && request.path == '/a'"}, do: [{setResponseHeader: {X-A: b}}]}
                """);
        assertThat(rules.response(Sent.get("/a"), 502).matched()).containsExactly("r");
        assertThat(rules.response(Sent.get("/a"), 404).matched()).isEmpty();
    }

    @Test
    void firstMatchWinsUnlessItContinues() {
        String yaml = """
                - {name: one, continue: true, do: [{pool: api}]}
                - {name: two, when: {path: /b}, do: [{setRequestHeader: {X-A: "1"}}]}
                - {name: three, do: [{deny: {status: 404}}]}
                """;
        assertThat(plan(yaml, Sent.get("/b")).matched()).containsExactly("one", "two");
        assertThat(plan(yaml, Sent.get("/b")).ending()).isEqualTo(new Ending.Pass());
        assertThat(plan(yaml, Sent.get("/c")).ending()).isEqualTo(new Ending.Deny(404));
    }

    @Test
    void anEndingStopsEvenARuleThatContinues() {
        String yaml = """
                - {name: one, continue: true, do: [{run: hello}]}
                - {name: two, do: [{deny: {status: 404}}]}
                """;
        assertThat(plan(yaml, Sent.get("/")).ending()).isEqualTo(new Ending.Run("hello"));
    }

    @Test
    void subrequestsOfFunctionsSkipEndingsAndLimitsButKeepTheRest() {
        SiteRules rules = rules("""
                - name: r
                  do:
                    - rateLimit: {requests: 1}
                    - pool: api
                    - setRequestHeader: {X-A: b}
                    - run: hello
                """);
        RequestPlan plan = rules.request(Sent.get("/"), Entry.SUBREQUEST);
        assertThat(plan.ending()).isEqualTo(new Ending.Pass());
        assertThat(plan.rateChecks()).isEmpty();
        assertThat(plan.pool()).isEqualTo("api");
        assertThat(plan.requestFields().changes()).containsExactly(new FieldChanges.Set("X-A", "b"));
    }

    @Test
    void redirectUsesGroupsAndEncodesWhatClientsChose() {
        String yaml = """
                - {name: old, when: {path: "~^/old/(?<rest>.*)$"}, do: [{redirect: {to: "/new/${rest}?from=${header.X-From}", status: 301}}]}
                """;
        assertThat(plan(yaml, Sent.get("/old/a%20b/c").with("x-from", "a&b\r\nSet-Cookie: x"))
                        .ending())
                .isEqualTo(new Ending.Redirect(301, "/new/a%20b/c?from=a%26b%0D%0ASet-Cookie%3A%20x"));
    }

    @ParameterizedTest
    @CsvSource({
        "/old//evil.example/, /evil.example/",
        "/old////evil.example, /evil.example",
        "/old/a//b, /a//b",
    })
    void aRedirectToAPathNeverLeadsToAnotherHost(String path, String location) {
        String yaml =
                "- {name: old, when: {path: \"~^/old/(?<rest>.*)$\"}, do: [{redirect: {to: \"/${rest}\", status: 301}}]}";
        assertThat(plan(yaml, Sent.get(path)).ending()).isEqualTo(new Ending.Redirect(301, location));
        assertThat(plan("- {name: r, do: [{redirect: {to: \"${path}x\"}}]}", Sent.get("//evil.example/"))
                        .ending())
                .isEqualTo(new Ending.Redirect(302, "/evil.example/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "%2e%2E", "a/../..", "..%2fb", "..%5Cb", "..;x"})
    void whatAClientChoseDoesNotLeadOutOfARewrittenPath(String chosen) {
        String yaml = "- {name: r, when: {path: \"~^/p/(?<rest>.*)$\"}, do: [{rewrite: {path: \"/files/${rest}\"}}]}";
        assertThat(plan(yaml, Sent.get("/p/" + chosen)).ending()).isEqualTo(new Ending.Deny(400));
        assertThat(rules(yaml)
                        .request(Sent.get("/p/" + chosen), Entry.SUBREQUEST)
                        .ending())
                .isEqualTo(new Ending.Deny(400));
        assertThat(plan(yaml, Sent.get("/p/a..b/.well-known/...")).path()).isEqualTo("/files/a..b/.well-known/...");
        String lookup = "- {name: r, do: [{rewrite: {path: \"/files/${arg.dir}/x\"}}]}";
        assertThat(plan(lookup, Sent.get("/?dir=..")).ending()).isEqualTo(new Ending.Deny(400));
        assertThat(plan(lookup, Sent.get("/?dir=a/../..")).ending()).isEqualTo(new Ending.Deny(400));
    }

    @Test
    void fieldValuesCanNotSmuggleALine() {
        RequestPlan plan =
                plan("- {name: r, do: [{setRequestHeader: {X-A: \"${arg.a}\"}}]}", Sent.get("/?a=x%0d%0aEvil:%20y%00"));
        assertThat(plan.requestFields().changes()).containsExactly(new FieldChanges.Set("X-A", "x  Evil: y "));
    }

    @Test
    void markupBodiesEscapeWhatClientsChose() {
        String yaml = """
                - name: r
                  do:
                    - respond: {status: 200, headers: {Content-Type: text/html}, body: "<p>${arg.a}</p>"}
                """;
        assertThat(plan(yaml, Sent.get("/?a=%3Cscript%3E")).ending())
                .isEqualTo(new Ending.Respond(
                        200, List.of(new FieldChanges.Set("Content-Type", "text/html")), "<p>&lt;script&gt;</p>"));
    }

    @Test
    void rewriteChangesWhatTheOriginIsAsked() {
        RequestPlan plan = plan(
                "- {name: r, when: {path: \"~^/p/(?<id>[0-9]+)$\"}, do: [{rewrite: {path: \"/product\", query: \"id=${id}\"}}]}",
                Sent.get("/p/12?x=1"));
        assertThat(plan.path()).isEqualTo("/product");
        assertThat(plan.query()).isEqualTo("id=12");
        assertThat(plan.originVariant()).isNotNull();
    }

    @Test
    void whatRulesTookFromTheClientIsPartOfTheVariant() {
        String yaml =
                "- {name: r, do: [{setRequestHeader: {X-Lang: \"${header.Accept-Language}\", X-Id: \"${requestId}\"}}]}";
        String german = plan(yaml, Sent.get("/").with("accept-language", "de")).originVariant();
        String french = plan(yaml, Sent.get("/").with("accept-language", "fr")).originVariant();
        assertThat(german).isNotNull().isNotEqualTo(french).doesNotContain("request-1");
        assertThat(plan(yaml, Sent.get("/").with("accept-language", "de")).originVariant())
                .isEqualTo(german);
    }

    @Test
    void variantsCanNotPoseAsOneAnother() {
        String one = plan("- {name: r, do: [{setRequestHeader: {X-A: \"1s3:x-bv1:2\"}}]}", Sent.get("/"))
                .originVariant();
        String two = plan("- {name: r, do: [{setRequestHeader: {X-A: \"1\", X-B: \"2\"}}]}", Sent.get("/"))
                .originVariant();
        assertThat(one).isNotEqualTo(two);
    }

    @Test
    void cacheOverridesApplyOverTheSites() {
        RequestPlan plan = plan(
                "- {name: r, do: [{cache: {edgeTtl: {mode: override, default: 1d}}}, {pool: app}]}", Sent.get("/"));
        assertThat(plan.cache().edgeTtl().fallback()).isEqualTo(Duration.ofDays(1));
        assertThat(plan.cache().collapse()).isTrue();
        assertThat(plan("- {name: r, do: [{bypassCache: true}]}", Sent.get("/").by("GET"))
                        .bypassCache())
                .isTrue();
    }

    @Test
    void responseRulesSeeTheStatus() {
        SiteRules rules = rules("""
                - {name: r, when: {status: 500-599}, do: [{setResponseHeader: {X-Failed: "${path}"}}, {removeResponseHeader: [Server]}]}
                """);
        assertThat(rules.response(Sent.get("/a"), 502).fields().changes())
                .containsExactly(new FieldChanges.Set("X-Failed", "/a"), new FieldChanges.Remove("Server"));
        assertThat(rules.response(Sent.get("/a"), 200).fields().isEmpty()).isTrue();
        assertThat(rules.hasNoRequestRules()).isTrue();
    }

    @Test
    void whomALimitCountsIsShortWhateverAClientSends() {
        String yaml = "- {name: r, do: [{rateLimit: {requests: 1, by: 'header:X-Key'}}]}";
        String long1 = plan(yaml, Sent.get("/").with("x-key", "a".repeat(60_000) + "1"))
                .rateChecks()
                .getFirst()
                .by();
        String long2 = plan(yaml, Sent.get("/").with("x-key", "a".repeat(60_000) + "2"))
                .rateChecks()
                .getFirst()
                .by();
        assertThat(long1).hasSizeLessThanOrEqualTo(64).isNotEqualTo(long2);
        assertThat(plan(yaml, Sent.get("/").with("x-key", "short"))
                        .rateChecks()
                        .getFirst()
                        .by())
                .isEqualTo("short");
    }

    @Test
    void rateLimitLetsTheBurstThroughThenAsksToWait() {
        RequestPlan plan = plan("- {name: r, do: [{rateLimit: {requests: 10, per: 1s, burst: 20}}]}", Sent.get("/"));
        RateCheck check = plan.rateChecks().getFirst();
        RateLimiter limiter = new RateLimiter();
        long now = Long.MAX_VALUE - 5;
        for (int i = 0; i < 20; i++) {
            assertThat(limiter.retryAfter(check, now)).as("request %d", i).isNull();
        }
        assertThat(limiter.retryAfter(check, now)).isEqualTo(Duration.ofMillis(100));
        assertThat(limiter.retryAfter(check, now + Duration.ofMillis(100).toNanos()))
                .isNull();
        RateCheck neighbour = new RateCheck(check.rule(), "10.9.9.9", 10, Duration.ofSeconds(1), 20);
        assertThat(limiter.retryAfter(neighbour, now)).isNull();
    }
}
