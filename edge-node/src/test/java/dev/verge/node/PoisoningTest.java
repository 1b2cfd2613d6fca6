package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.EchoOrigin.Reply;
import dev.verge.node.EchoOrigin.Request;
import dev.verge.node.RawClient.Answer;
import dev.verge.sync.log.SiteEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nobody changes what others get: no two different requests share an entry, and nothing that a client sends outside of the key
 * decides what is stored. The origin answers with everything that it was sent, and lets it be stored.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoisoningTest {
    private static final String HOST = "shop.example";

    private final AtomicInteger numbers = new AtomicInteger();
    private final EchoOrigin origin = new EchoOrigin(PoisoningTest::reflect);
    private Installation installation;

    /** A careless origin: whatever it understands of a request changes its answer, and only {@code /vary} says so. */
    private static Reply reflect(Request request) {
        String path = request.path();
        String sent = request.head();
        if (path.startsWith("/limits")) {
            boolean tooMuch = sent.length() > 4_000 || sent.contains("X-Meta: \u0007");
            return tooMuch
                    ? new Reply(400, List.of("Content-Type: text/plain"), "bad")
                    : new Reply(200, List.of("Cache-Control: max-age=60"), "good");
        }
        if (path.startsWith("/session")) {
            String guess = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT";
            return new Reply(200, List.of(guess, "Set-Cookie: id=" + request.field("cookie")), "mine");
        }
        if (path.startsWith("/vary")) {
            String vary = "Vary: Accept-Language, X-Important, Accept-Encoding, Accept";
            return new Reply(200, List.of("Cache-Control: max-age=60", vary), sent);
        }
        return new Reply(200, List.of("Cache-Control: max-age=60"), sent);
    }

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [shop.example, other.example]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                rules:
                  - {name: host, when: {path: "/set-by-rule*"}, do: [{setRequestHeader: {X-Original-Host: "${host}"}}]}
                  - {name: deny, when: {path: "/deny*"}, do: [{cache: {key: {query: {mode: deny, names: [utm]}}}}]}
                  - {name: allow, when: {path: "/allow*"}, do: [{cache: {key: {query: {mode: allow, names: [id]}}}}]}
                  - {name: static, when: {path: "/static/*"}, do: [{cache: {edgeTtl: {mode: override, default: 1d}}}]}
                  - {name: limits, when: {path: "/limits/*"}, do: [{cache: {edgeTtl: {mode: override, default: 1d}}}]}
                  - {name: assumed, when: {path: "/limits-default"}, do: [{cache: {edgeTtl: {mode: honor, default: 1d}}}]}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    private int port() {
        return installation.node().httpPort();
    }

    private Answer get(String target, String... fields) {
        return RawClient.get(port(), HOST, target, fields);
    }

    private String fresh(String base) {
        return base + numbers.incrementAndGet();
    }

    /** Others must not see it, whether the attacker comes first or last. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Scheme: evil",
                "X-Forwarded-Proto: evil",
                "X-Forwarded-Port: evil",
                "X-Forwarded-Prefix: /evil",
                "X-Forwarded-Server: evil.example",
                "X-Forwarded-For: 6.6.6.6",
                "X-Forwarded-Ssl: evil",
                "X-Real-IP: 6.6.6.6",
                "True-Client-IP: 6.6.6.6",
                "X-Client-IP: 6.6.6.6",
                "Forwarded: for=6.6.6.6;host=evil.example",
                "X-Original-URL: /evil",
                "X-Rewrite-URL: /evil",
                "X-Original-Host: evil.example",
                "X-Host: evil.example",
                "X-HTTP-Host-Override: evil.example",
                "X-HTTP-Method-Override: EVIL",
                "X-HTTP-Method: EVIL",
                "X-Method-Override: EVIL",
                "X_Forwarded_Host: evil.example",
                "X_Original_URL: /evil",
                "x_http_method_override: EVIL",
                "X_Host: evil",
                "Proxy: http://evil",
                "Range: bytes=0-66666666",
                "If-Match: \"evil\"",
                "If-Range: \"evil\"",
                "Expect: evil",
                "TE: evil",
                "Upgrade: evil",
                "Keep-Alive: evil",
                "Proxy-Connection: evil",
                "Proxy-Authorization: Basic evil",
                "traceparent: 00-66666666666666666666666666666666-6666666666666666-01",
                "X-Request-Id: evil"
            })
    void whatIsNotInTheKeyDoesNotReachOthers(String line) {
        String target = fresh("/unkeyed");
        get(target, line);
        Answer victim = get(target);
        assertThat(victim.status()).isEqualTo(200);
        assertThat(victim.body()).doesNotContainIgnoringCase("evil").doesNotContain("6.6.6.6", "66666666");
    }

    /** Such a request is another one than its line says: it is passed on as it is, apart from the cache. */
    @Test
    void aRequestThatOverridesItselfIsNeitherStoredNorAnsweredFromTheStore() {
        String target = fresh("/override");
        get(target);
        Answer override = get(target, "X-HTTP-Method-Override: DELETE");
        assertThat(override.body()).contains("X-HTTP-Method-Override: DELETE");
        assertThat(override.field("cache-status")).contains("fwd=bypass");
        assertThat(get(target).hit()).isTrue();
    }

    @Test
    void whatARuleSetsDoesNotKeepARequestFromTheCache() {
        String target = fresh("/set-by-rule");
        assertThat(get(target).body()).contains("X-Original-Host: shop.example");
        assertThat(get(target).hit()).isTrue();
    }

    /** A field taken away on the way must not select a variant as if it had arrived. */
    @ParameterizedTest
    @ValueSource(strings = {"Accept-Language: de", "X-Important: yes", "Accept-Encoding: gzip", "Accept: text/x"})
    void aNominatedFieldDoesNotChooseAVariant(String line) {
        String target = fresh("/vary");
        String name = line.substring(0, line.indexOf(':'));
        RawClient.raw(
                port(),
                "GET " + target + " HTTP/1.1\r\nHost: shop.example\r\n" + line + "\r\nConnection: close, " + name
                        + "\r\n\r\n");
        Answer victim = get(target, line);
        assertThat(victim.body()).contains(line);
    }

    @Test
    void variantsStayWithThoseWhoAskForThem() {
        String target = fresh("/vary");
        get(target, "Accept-Encoding: evil", "Accept: evil/*", "Accept-Language: evil");
        assertThat(get(target).body()).doesNotContain("evil");
        assertThat(get(target, "Accept-Encoding: evil", "Accept: evil/*", "Accept-Language: evil")
                        .hit())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHOP.example", "shop.example.", "shop.example:6666", "sHoP.eXaMpLe.:80"})
    void everySpellingOfAHostIsTheSameAndReachesTheOriginAsOne(String host) {
        String target = fresh("/host");
        String body = RawClient.get(port(), host, target).body();
        assertThat(body).doesNotContain(host).contains("shop.example");
        Answer victim = get(target);
        assertThat(victim.hit()).isTrue();
        assertThat(victim.body()).doesNotContain(":6666");
    }

    @Test
    void aTargetWithAHostSharesItsEntryAndNeverDiffersFromHost() {
        String target = fresh("/absolute");
        String line = "GET http://shop.example" + target + " HTTP/1.1";
        assertThat(RawClient.send(port(), line, "other.example").status()).isEqualTo(400);
        assertThat(RawClient.send(port(), line, HOST).status()).isEqualTo(200);
        assertThat(get(target).hit()).isTrue();
        assertThat(RawClient.get(port(), "other.example", target).hit()).isFalse();
        assertThat(RawClient.send(port(), "GET http://a@shop.example/ HTTP/1.1", HOST)
                        .status())
                .isEqualTo(400);
        assertThat(RawClient.raw(
                                port(),
                                "GET / HTTP/1.1\r\nHost: shop.example\r\nHost: other.example\r\nConnection: close\r\n\r\n")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void contentOfAGetIsNotForOthers() {
        String target = fresh("/fat");
        RawClient.raw(
                port(),
                "GET " + target
                        + " HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 4\r\nConnection: close\r\n\r\nevil");
        Answer victim = get(target);
        assertThat(victim.hit()).isFalse();
        assertThat(victim.body()).doesNotContain("Content-Length").doesNotContain("content-length");
    }

    @Test
    void methodsDoNotMix() {
        String target = fresh("/method");
        for (String method : List.of("HEAD", "OPTIONS", "POST", "get", "FOO")) {
            RawClient.send(port(), method + " " + target + " HTTP/1.1", HOST, "Content-Length: 0");
        }
        Answer first = get(target);
        assertThat(first.hit()).isFalse();
        assertThat(first.body()).startsWith("GET ");
    }

    /** Each spelling of a path is an entry of its own, whatever an origin makes of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a%2fb | /a/b",
                "//a | /a",
                "/a/ | /a",
                "/A | /a",
                "/a;x=.css | /a",
                "/a%3bx=.css | /a;x=.css",
                "/a%3fb | /a?b",
                "/a%23b | /a",
                "/a%61 | /aa",
                "/a? | /a",
                "/a?x=1 | /a?x=2",
                "/a?x=1;y=2 | /a?x=1&y=2",
                "/a?x=1%26y=2 | /a?x=1&y=2",
                "/a?x=1&x=2 | /a?x=2&x=1",
                "/a?x=1&%78=2 | /a?%78=2&x=1",
                "/a?x[]=1&x[]=2 | /a?x[]=2&x[]=1",
                "/a?x[0]=1&x[1]=2 | /a?x[1]=2&x[0]=1",
                "/a?b=1;x=2&x=3 | /a?x=3&b=1;x=2",
                "/a?x=1&X=2 | /a?X=2&x=1",
                "/a?x=1&+x=2 | /a?+x=2&x=1",
                "/a?x=%20 | /a?x=+",
                "/account.php/nonexistent.css | /account.php"
            })
    void differentTargetsAreDifferentEntries(String one, String other) {
        String base = fresh("/t");
        get(base + one);
        assertThat(get(base + other).hit()).as(other).isFalse();
        assertThat(get(base + one).body()).startsWith("GET " + base + one + " ");
        assertThat(get(base + other).body()).startsWith("GET " + base + other + " ");
    }

    /** What the key leaves out cannot carry what the key counts. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/deny?id=1 | /deny?id=1&utm=x;id=evil",
                "/deny?id=1 | /deny?utm=x;id=evil&id=1",
                "/deny?id=1 | /deny?id=1&utm;id=evil",
                "/allow?id=1 | /allow?id=1&%69d=evil",
                "/allow?id=1 | /allow?%69d=evil&id=1",
                "/allow?id=1 | /allow?id=1&ID=evil",
                "/allow?id=1 | /allow?id=1&+id=evil",
                "/allow?id=1 | /allow?id=1&%20id=evil",
                "/allow?id=1 | /allow?id=1&id[]=evil",
                "/allow?id=1 | /allow?id=1&id%5B%5D=evil",
                "/allow?id=1 | /allow?id=1&id%00x=evil",
                "/allow?id=1 | /allow?id=1&x=1;id=evil",
                "/allow?id=1 | /allow?id=1&;id=evil"
            })
    void parametersCannotBeCloaked(String victim, String attack) {
        String path = victim.substring(0, victim.indexOf('?'));
        String base = fresh(path);
        get(attack.replace(path + "?", base + "?"));
        assertThat(get(victim.replace(path + "?", base + "?")).body()).doesNotContain("evil");
    }

    /** A rule that stores by path must not be led to another page by a path that an origin reads differently. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/../account",
                "/static/..%2faccount",
                "/static/%2e%2e/account",
                "/static/%2E%2e%2Faccount",
                "/static/.%2e/account",
                "/static/..%5caccount",
                "/static/x/%2e%2e%2f..%2faccount",
                "/static/%252e%252e%252faccount",
                "/static/..;/account",
                "/static/..;x=1/account",
                "/static/%00../account",
                "/static/account%00.css",
                "/static/account%0a.css"
            })
    void aPathThatMayMeanAnotherIsNotStored(String target) {
        get(target);
        Answer again = get(target);
        assertThat(again.hit()).isFalse();
        assertThat(again.body()).startsWith("GET " + target + " ");
        assertThat(again.field("cache-status")).contains("fwd=bypass");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/a.b..c/d",
                "/static/@scope%2fname",
                "/static/...",
                "/static/%2e%2e%2e",
                "/static/100%25",
                "/static/%c3%a9"
            })
    void ordinaryPathsAreStored(String target) {
        get(target);
        assertThat(get(target).hit()).isTrue();
    }

    @Test
    void aFragmentIsNoPartOfATarget() {
        assertThat(get("/a#evil").status()).isEqualTo(400);
    }

    /** What a client breaks by its own fields is broken for nobody else, also where a site gives everything a lifetime. */
    @ParameterizedTest
    @ValueSource(strings = {"/limits-none", "/limits-default", "/limits/override"})
    void anErrorThatAClientProvokesIsNotStored(String target) {
        assertThat(get(target, "X-Oversized: " + "x".repeat(5_000)).status()).isEqualTo(400);
        assertThat(get(target).body()).isEqualTo("good");
        assertThat(get(target, "X-Oversized: " + "x".repeat(40_000)).status()).isEqualTo(431);
        assertThat(get(target).body()).isEqualTo("good");
    }

    @Test
    void cookiesAndAuthorizationStayWithTheirOwners() {
        String session = fresh("/session");
        get(session, "Cookie: evil");
        assertThat(get(session).field("set-cookie")).doesNotContain("evil");

        String secret = fresh("/secret");
        assertThat(get(secret, "Authorization: Basic evil").body()).contains("evil");
        assertThat(get(secret).body()).doesNotContain("evil");
        get(secret);
        assertThat(get(secret, "Authorization: Basic other").body()).doesNotContain("evil");
    }

    /** What a client asks for itself changes what it gets, not what is kept. */
    @Test
    void directivesOfARequestCountForThatRequest() {
        String target = fresh("/directives");
        String stored = get(target).body();
        for (String directive : List.of("max-stale", "stale-if-error=99999", "no-transform", "evil")) {
            assertThat(get(target, "Cache-Control: " + directive).body()).isEqualTo(stored);
        }
        get(target, "Cache-Control: no-store");
        get(target, "Cache-Control: only-if-cached, max-age=0");
        assertThat(get(target).hit()).isTrue();
        get(fresh("/directives"), "Cache-Control: no-store, max-age=99999");
    }

    /** A host that passes to another site, or to the same site in another life, takes no stored response along. */
    @Test
    void aHostThatChangesHandsBringsNothingAlong() {
        String document = """
                site: %s
                hosts: [moving.example]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """;
        String target = fresh("/moved");
        long first = installation.log.commit(
                new SiteEntry("default", "first", "i1", 1, document.formatted("first", origin.port())));
        installation.applied(first);
        RawClient.get(port(), "moving.example", target);
        assertThat(RawClient.get(port(), "moving.example", target).hit()).isTrue();

        installation.applied(installation.log.commit(
                new SiteEntry("default", "first", "i2", 1, document.formatted("first", origin.port()))));
        assertThat(RawClient.get(port(), "moving.example", target).hit()).isFalse();
        assertThat(RawClient.get(port(), "moving.example", target).hit()).isTrue();
    }
}
