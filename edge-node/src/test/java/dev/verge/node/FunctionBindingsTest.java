package dev.verge.node;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.log.PurgeTarget;
import dev.verge.sync.log.Secret;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderField;
import dev.verge.sync.order.OrderRequest;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.server.KvWriter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What functions get from a real node: namespaces, other functions, caches, facts, orders, and the way out to other hosts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FunctionBindingsTest {
    private static final String TEXT = "const text = (v) => v === null ? 'null' : String(v);\n";

    private final WireMockServer origin = new WireMockServer(options().dynamicPort());
    private final WireMockServer other = new WireMockServer(options().dynamicPort());
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        origin.start();
        other.start();
        origin.stubFor(any(urlPathEqualTo("/counted"))
                .willReturn(aResponse().withHeader("Cache-Control", "no-store").withBody("{{n}}")));
        origin.stubFor(any(urlPathEqualTo("/later")).willReturn(aResponse().withBody("later")));
        origin.stubFor(any(urlPathEqualTo("/run/pass")).willReturn(aResponse().withBody("from the origin")));
        other.stubFor(any(urlPathEqualTo("/there")).willReturn(aResponse().withBody("there")));
        Path countries = data.resolve("countries.mmdb");
        GeoFile.write(countries, Map.of("127.0.0.0/8", "AT"));
        installation = new Installation(data.resolve("node"), """
                region: north
                functions: {allowShared: true, ceilings: {logBytes: 100KiB}}
                geo: {database: "%s"}
                """.formatted(countries));
        Installation.until(
                "a function host",
                () -> installation
                        .send(HttpRequest.newBuilder(installation.admin("/readyz"))
                                .build())
                        .body()
                        .contains("\"functions\":\"warm(1)\""));
        installation.onKvWrite((from, write) -> write.key().equals("forbidden")
                ? Future.failedFuture(new KvWriter.Refused("this key is taken"))
                : write(write));
        String home = "http://127.0.0.1:" + origin.port();
        origin.stubFor(any(urlPathEqualTo("/away"))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Location", "http://127.0.0.1:" + other.port() + "/there")));
        origin.stubFor(any(urlPathEqualTo("/inside"))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Location", "http://127.0.1.1:" + other.port() + "/there")));
        origin.stubFor(any(urlPathEqualTo("/round"))
                .willReturn(aResponse().withStatus(302).withHeader("Location", home + "/round")));
        installation.publishFunction("inner", """
                export default { async fetch(request, env) {
                  const path = new URL(request.url).pathname;
                  if (path === "/throw") throw new Error("inner secret");
                  if (path === "/back") return env.OUTER.fetch(request);
                  return new Response(request.body ?? "none", {headers: {"x-id": request.verge.requestId, "x-method": request.method}});
                } }""", manifest("services: {OUTER: bound}"), Map.of());
        installation.publishFunction(
                "bound",
                TEXT + "const handlers = "
                        + HANDLERS.replace("$ORIGIN", "" + origin.port()).replace("$OTHER", "" + other.port())
                        + """
                ;
                export default {
                  async fetch(request, env, ctx) {
                    const name = new URL(request.url).pathname.split("/").pop();
                    return new Response(text(await handlers[name](request, env, ctx)));
                  },
                  async scheduled(event, env, ctx) {
                    ctx.waitUntil(fetch("http://127.0.0.1:%d/tick?cron=" + encodeURIComponent(event.cron)));
                  },
                }""".formatted(origin.port()),
                manifest("""
                vars: {GREETING: hello}
                kv: {USERS: users}
                services: {INNER: inner, GONE: gone}
                egress: [127.0.0.1, 127.0.1.1, localhost, "169.254.169.254"]
                """),
                Map.of("KEY", Secret.of("hush")));
        installation.publish("""
                site: shop
                hosts: [127.0.0.1, shop.localhost]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                functions: {bound: {function: bound}, beside: {function: beside}}
                rules: [{name: beside, when: {path: /run/beside}, do: [{run: beside}]}, {name: run, when: {path: "/run/*"}, do: [{run: bound}]}]
                """.formatted(origin.port()));
        put("plain", "value", null);
        put("page/1", "one", null);
        put("page/2", "two", "{\"n\":2}");
    }

    private static final String HANDLERS = """
            {
              env: (request, env) => [env.GREETING, env.KEY, Object.keys(env).sort()].join(),
              read: async (request, env) => [await env.USERS.get("plain"), text(await env.USERS.get("none")),
                JSON.stringify(await env.USERS.list({prefix: "page/", limit: 1})),
                JSON.stringify(await env.USERS.list({prefix: "page/", cursor: "page/2"})),
                JSON.stringify(await env.USERS.getWithMetadata("page/2"))].join("|"),
              write: async (request, env) => { await env.USERS.put("made", "by a function", {metadata: {a: 1}, expirationTtl: 3600}); },
              made: (request, env) => env.USERS.get("made"),
              unmake: (request, env) => env.USERS.delete("made"),
              forbidden: (request, env) => env.USERS.put("forbidden", "x").catch((e) => e.message),
              call: async (request, env) => {
                const response = await env.INNER.fetch("https://inner.example/x", {method: "POST", body: "to inner"});
                return [response.status, response.headers.get("x-method"), response.headers.get("x-id") === request.verge.requestId,
                  await response.text()].join();
              },
              callthrow: (request, env) => env.INNER.fetch("https://inner.example/throw").catch((e) => e.message),
              loop: (request, env) => env.INNER.fetch("https://inner.example/back").catch((e) => e.message),
              gone: (request, env) => env.GONE.fetch("https://inner.example/").catch((e) => e.message),
              facts: (request) => JSON.stringify(request.verge),
              keep: async (request) => {
                const cache = await caches.open("mine");
                await cache.put(new URL("/kept", request.url), new Response("kept", {headers: {"cache-control": "max-age=60"}}));
              },
              kept: async (request) => (await (await (await caches.open("mine")).match(new URL("/kept", request.url)))?.text()) ?? null,
              keptelsewhere: async (request) => (await (await caches.default.match(new URL("/kept", request.url)))?.text()) ?? null,
              ttl: async (request) => (await fetch(new URL("/counted?ttl", request.url), {verge: {cacheTtl: 60}})).headers.get("cache-status"),
              bypass: async (request) =>
                (await fetch(new URL("/counted?ttl", request.url), {verge: {bypass: true}})).headers.get("cache-status"),
              keyed: async (request) => {
                const at = new URL(request.url).searchParams;
                const options = {cacheTtl: 60, cacheKey: at.get("key"), cacheTags: at.get("tags")?.split(","), cacheEverything: true};
                const response = await fetch(new URL("/counted?" + at.get("to"), request.url), {verge: options});
                return [response.headers.get("cache-status"), response.headers.get("cache-tag")].join("|");
              },
              bystatus: async (request) => {
                const options = {cacheTtlByStatus: {"200-299": 60, "404": -1}};
                return (await fetch(new URL("/counted?bystatus", request.url), {verge: options})).headers.get("cache-status");
              },
              badoptions: async (request) => {
                const out = [];
                for (const verge of [{cacheKey: ""}, {cacheKey: "x".repeat(1025)}, {cacheTags: ["a,b"]}, {cacheTags: ["é"]}, {cacheTtl: -1},
                  {cacheTtl: "x"}, {cacheTtlByStatus: {"200-204": 1}}, {cacheTags: Array(101).fill("t")}]) {
                  out.push(await fetch(new URL("/counted?bad", request.url), {verge}).then((r) => r.status, (e) => e.message.split(": ")[1]));
                }
                return out.join();
              },
              wait: (request, env, ctx) => {
                ctx.waitUntil(new Promise((resolve) => setTimeout(resolve, 50)).then(() => fetch(new URL("/later", request.url))));
                return "answered";
              },
              pass: (request, env, ctx) => { ctx.passThroughOnException(); throw new Error("not today"); },
              away: (request) => fetch("http://127.0.0.1:$ORIGIN/away", {method: "POST", body: "x",
                headers: {authorization: "Basic eDp5", cookie: "a=b", "x-kept": "1"}}).then((r) => r.text()),
              manual: (request) => fetch("http://127.0.0.1:$OTHER/there", {redirect: "manual"}).then((r) => r.status),
              refused: async (request) => {
                const out = [];
                for (const url of ["http://127.0.0.1:$ORIGIN/inside", "http://127.0.0.1:$ORIGIN/round", "http://127.0.1.1:$OTHER/there",
                  "http://2130706689:$OTHER/there", "http://0x7f000101:$OTHER/there", "http://0177.0.1.1:$OTHER/there",
                  "http://[::ffff:127.0.1.1]:$OTHER/there", "http://169.254.169.254/latest", "http://127.0.0.1:ADMIN/config",
                  "http://x.localhost.:$OTHER/there", "http://elsewhere.example/", "http://127.0.0.1:25/"]) {
                  const to = url.replace("ADMIN", request.headers.get("x-admin"));
                  out.push(await fetch(to).then((r) => r.status + " " + to, (e) => e.name));
                }
                return out.join();
              },
              abort: async (request) => {
                const started = fetch("http://127.0.0.1:$ORIGIN/slow", {signal: AbortSignal.timeout(50)});
                return started.then((r) => r.status, (e) => e.name);
              },
            }""";

    private static FunctionManifest manifest(String yaml) {
        // A cold host on a busy machine needs more than the usual 50 ms for the first run of each of these handlers.
        FunctionManifest read = FunctionManifest.read(yaml).orThrow();
        return read.withLimits(read.limits().withCpu(Duration.ofSeconds(2)));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.stop();
        other.stop();
    }

    private void put(String key, String value, @Nullable String metadata) {
        String encoded = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        installation.applied(installation.log.commit(
                new KvEntry("default", "users", key, encoded, null, value.length(), metadata, null)));
    }

    /** As a control plane does: into the log, and done. */
    private Future<Void> write(KvWrite write) {
        if (write.value() == null) {
            installation.log.commit(Collections.singletonMap("kv/default/users/" + write.key(), null));
        } else {
            installation.log.commit(new KvEntry(
                    write.account(),
                    write.namespace(),
                    write.key(),
                    write.value(),
                    null,
                    0,
                    write.metadata(),
                    write.expires()));
        }
        return Future.succeededFuture();
    }

    private String run(String name, String... headers) {
        return installation.get("/run/" + name, headers).body();
    }

    @Test
    void findsVarsSecretsAndBindingsInEnv() {
        assertThat(run("env")).isEqualTo("hello,hush,GONE,GREETING,INNER,KEY,USERS");
    }

    @Test
    void readsANamespaceFromTheNodesCopy() {
        assertThat(run("read"))
                .isEqualTo(String.join(
                        "|",
                        "value",
                        "null",
                        "{\"keys\":[{\"name\":\"page/1\"}],\"list_complete\":false,\"cursor\":\"page/2\"}",
                        "{\"keys\":[{\"name\":\"page/2\",\"metadata\":{\"n\":2}}],\"list_complete\":true}",
                        "{\"value\":\"two\",\"metadata\":{\"n\":2}}"));
    }

    @Test
    void changesANamespaceThroughTheControlPlaneAndHearsItsRefusal() {
        assertThat(run("write")).isEqualTo("undefined");
        Installation.until("the written value", () -> run("made").equals("by a function"));
        run("unmake");
        Installation.until("its deletion", () -> run("made").equals("null"));
        assertThat(run("forbidden")).isEqualTo("this key is taken");
    }

    @Test
    void callsOtherFunctionsWithinTheNodeAndRefusesLoops() {
        assertThat(run("call")).isEqualTo("200,POST,true,to inner");
        assertThat(run("callthrow")).isEqualTo("function inner ended: threw").doesNotContain("secret");
        assertThat(run("gone")).isEqualTo("there is no function gone");
        HttpResponse<String> loop = installation.get("/run/loop");
        assertThat(loop.body()).isEqualTo("function inner ended: threw");
    }

    @Test
    void tellsTheFactsOfARequest() {
        JsonObject facts = new JsonObject(run("facts"));
        assertThat(facts.getString("clientIp")).isEqualTo("127.0.0.1");
        assertThat(facts.getString("node")).isEqualTo("n");
        assertThat(facts.getString("region")).isEqualTo("north");
        assertThat(facts.getString("country")).isEqualTo("AT");
        HttpRequest ready =
                HttpRequest.newBuilder(installation.admin("/readyz")).build();
        assertThat(new JsonObject(installation.send(ready).body()).getInteger("functionsLowered"))
                .isBetween(2, 3);
        assertThat(facts.getString("httpProtocol")).isEqualTo("HTTP/1.1");
        assertThat(facts.containsKey("tlsVersion")).isFalse();
        assertThat(facts.getString("requestId")).isNotEmpty();
    }

    @Test
    void runsAFunctionInTheSharedProcessWhereThatIsAllowed() {
        installation.publishFunction(
                "beside",
                "export default { fetch: (request) => new Response('beside ' + request.verge.clientIp) }",
                manifest("isolation: shared"),
                Map.of());
        Installation.until("its process", () -> run("beside").equals("beside 127.0.0.1"));
    }

    @Test
    void keepsResponsesApartFromTheSitesOwnUntilThePurge() {
        run("keep");
        assertThat(run("kept")).isEqualTo("kept");
        assertThat(run("keptelsewhere")).isEqualTo("null");
        assertThat(installation.get("/kept").statusCode()).isEqualTo(404);
        installation.purge(new PurgeTarget.Everything(true), false);
        assertThat(run("kept")).isEqualTo("null");
    }

    @Test
    void saysHowLongAFetchOfItsSiteIsKept() {
        assertThat(run("ttl")).contains("stored");
        assertThat(run("ttl")).contains("hit");
        assertThat(run("bypass")).contains("fwd=bypass");
    }

    @Test
    void keepsAnAnswerUnderAKeyAndTagsOfItsOwnWithinItsSite() {
        assertThat(run("keyed?key=k1&tags=one,two&to=a"))
                .contains("fwd=uri-miss; stored")
                .endsWith("|");
        assertThat(run("keyed?key=k1&to=b")).contains("hit");
        assertThat(run("keyed?key=k2&to=a")).contains("fwd=uri-miss");
        assertThat(Installation.cacheStatus(installation.get("/counted?a"))).contains("fwd=uri-miss");
        installation.purge(new PurgeTarget.Tags(List.of("two")), false);
        assertThat(run("keyed?key=k1&to=a")).contains("fwd=uri-miss");
        assertThat(run("keyed?key=k2&to=a")).contains("hit");
        installation.purge(new PurgeTarget.Hosts(List.of("127.0.0.1")), false);
        assertThat(run("keyed?key=k2&to=a")).contains("fwd=uri-miss");
        assertThat(run("bystatus")).contains("stored; ttl=60");
        assertThat(run("bystatus")).contains("hit");
        assertThat(run("badoptions"))
                .isEqualTo("cacheKey,cacheKey,cacheTags,cacheTags,cacheTtl,verge,cacheTtlByStatus,cacheTags");
    }

    @Test
    void goesOnAfterTheResponseAndPassesThroughWhenItThrows() {
        assertThat(run("wait")).isEqualTo("answered");
        Installation.until(
                "the later fetch",
                () -> !origin.findAll(getRequestedFor(urlEqualTo("/later"))).isEmpty());
        assertThat(run("pass")).isEqualTo("from the origin");
    }

    @Test
    void followsRedirectsAsTheFetchStandardSays() {
        other.resetRequests();
        assertThat(run("away")).isEqualTo("there");
        var arrived = other.findAll(anyRequestedFor(urlEqualTo("/there"))).getFirst();
        assertThat(arrived.getMethod().getName()).isEqualTo("GET");
        assertThat(arrived.containsHeader("authorization")).isFalse();
        assertThat(arrived.containsHeader("cookie")).isFalse();
        assertThat(arrived.containsHeader("content-type")).isFalse();
        assertThat(arrived.getHeader("x-kept")).isEqualTo("1");
    }

    @Test
    void reachesNothingThatItMayNotByAnyFormOfAddressOrRedirect() {
        String admin = String.valueOf(installation.node().adminPort());
        assertThat(run("refused", "x-admin", admin)).isEqualTo("TypeError,".repeat(11) + "TypeError");
    }

    @Test
    void givesUpAFetchWhenItsSignalSaysSo() {
        origin.stubFor(any(urlPathEqualTo("/slow")).willReturn(aResponse().withFixedDelay(2_000)));
        long begun = System.nanoTime();
        assertThat(run("abort")).isEqualTo("TimeoutError");
        assertThat(System.nanoTime() - begun).isLessThan(1_900_000_000L);
    }

    @Test
    void runsOrdersOfTheControlPlane() {
        OrderResult tick = installation.order(Order.scheduled("t1", "default", "bound", "*/5 * * * *", 300_000));
        assertThat(tick.outcome()).isEqualTo("ok");
        assertThat(origin.findAll(getRequestedFor(urlPathEqualTo("/tick")))).hasSize(1);

        OrderResult invoked = installation.order(Order.invoke(
                "i1",
                "default",
                "inner",
                null,
                null,
                new OrderRequest(
                        "PUT",
                        "https://inner.invalid/y",
                        List.of(new OrderField("a", "b")),
                        Base64.getEncoder().encodeToString("body".getBytes(StandardCharsets.UTF_8)))));
        assertThat(invoked.status()).isEqualTo(200);
        assertThat(new String(Base64.getDecoder().decode(invoked.body()), StandardCharsets.UTF_8))
                .isEqualTo("body");
        assertThat(invoked.headers()).contains(new OrderField("x-id", "i1"));
        assertThat(invoked.wallMicros()).isPositive();

        OrderResult none = installation.order(Order.scheduled("t2", "default", "absent", "* * * * *", 0));
        assertThat(none.outcome()).isEqualTo(OrderResult.NOT_RUN);
        assertThat(none.reason()).contains("absent");
    }
}
