package dev.verge.sandbox;

import static dev.verge.sandbox.Lab.await;
import static dev.verge.sandbox.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a function finds in {@code env}, {@code caches} and {@code request.verge}, and how it is asked for at the node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BindingsTest {
    private Lab lab;
    private final Map<String, String> stored = new ConcurrentHashMap<>();
    private final List<Subrequest> asked = new CopyOnWriteArrayList<>();

    @BeforeAll
    void start() {
        lab = Lab.shared();
    }

    /** A node that keeps namespaces and caches in a map. */
    private Future<SubrequestResponse> node(Subrequest request) {
        asked.add(request);
        String key = request.target() + " " + request.url();
        return switch (request.target()) {
            case SubrequestTarget.Web web -> Future.failedFuture("no web here");
            case SubrequestTarget.Service service ->
                body(request)
                        .map(body -> answer(
                                200,
                                request.url(),
                                request.method() + " " + service.binding() + " " + body,
                                List.of()));
            case SubrequestTarget.Kv kv
            when request.url().contains("/list?") ->
                Future.succeededFuture(
                        answer(200, request.url(), "{\"keys\":[{\"name\":\"a\"}],\"list_complete\":true}", List.of()));
            case SubrequestTarget.Kv kv -> store(request, key.replaceFirst("&.*", ""));
            case SubrequestTarget.Cache cache -> store(request, key);
        };
    }

    private Future<SubrequestResponse> store(Subrequest request, String key) {
        String found = stored.get(key);
        return switch (request.method()) {
            case "PUT" ->
                body(request).map(body -> {
                    stored.put(key, body);
                    return answer(204, request.url(), null, List.of());
                });
            case "DELETE" -> {
                stored.remove(key);
                yield Future.succeededFuture(
                        answer(found == null ? 404 : 204, found == null ? "" : "x", null, List.of()));
            }
            default ->
                Future.succeededFuture(
                        found == null
                                ? answer(404, "", null, List.of())
                                : answer(
                                        200,
                                        request.url(),
                                        found,
                                        List.of(new HeaderField("metadata", "%7B%22n%22%3A1%7D"))));
        };
    }

    private static SubrequestResponse answer(int status, String url, @Nullable String body, List<HeaderField> headers) {
        return new SubrequestResponse(
                status, url, false, headers, body == null ? null : Source.of(Buffer.buffer(body)));
    }

    private static Future<String> body(Subrequest request) {
        return Source.read(request.body()).map(Buffer::toString);
    }

    private FunctionCall call(String source, @Nullable ScheduledEvent event) {
        Ask ask = Ask.of(source).env(Map.of("NAME", "value"));
        FunctionVersion version =
                ask.version(Map.of("USERS", FunctionBinding.kv("users"), "OTHER", FunctionBinding.service("other")));
        return new FunctionCall(
                version,
                ask.call().bundle(),
                "r1",
                "GET",
                "http://here/",
                List.of(),
                null,
                this::node,
                "{\"clientIp\":\"192.0.2.7\",\"tlsVersion\":null}",
                "00-1-2-01",
                event,
                false);
    }

    private Answer run(String body) {
        asked.clear();
        return await(lab.send(call("export default { async fetch(request, env, ctx) { " + body + " } }", null)));
    }

    @Test
    void readsAndWritesNamespacesInEveryForm() {
        Answer answer = run("""
                await env.USERS.put("a b/é", JSON.stringify({n: 1}), {metadata: {n: 1}, expirationTtl: 90});
                const out = [await env.USERS.get("a b/é"), (await env.USERS.get("a b/é", "json")).n,
                  (await env.USERS.get("a b/é", {type: "arrayBuffer"})).byteLength,
                  await new Response(await env.USERS.get("a b/é", "stream")).text(),
                  JSON.stringify(await env.USERS.getWithMetadata("a b/é")), JSON.stringify(await env.USERS.list({prefix: "a"}))];
                await env.USERS.put("s", new Response("streamed").body);
                out.push(await env.USERS.get("s"));
                await env.USERS.delete("s");
                out.push(await env.USERS.get("s"), await env.USERS.get("none", "json"));
                return new Response(out.map(String).join("\\n"));""");

        assertThat(answer.record().logs()).isEmpty();
        assertThat(answer.body().lines())
                .containsExactly(
                        "{\"n\":1}",
                        "1",
                        "7",
                        "{\"n\":1}",
                        "{\"value\":\"{\\\"n\\\":1}\",\"metadata\":{\"n\":1}}",
                        "{\"keys\":[{\"name\":\"a\"}],\"list_complete\":true}",
                        "streamed",
                        "null",
                        "null");
        assertThat(asked.getFirst().target()).isEqualTo(new SubrequestTarget.Kv("USERS"));
        assertThat(asked.getFirst().url()).startsWith("http://kv/value?key=a%20b%2F%C3%A9&expires=");
        assertThat(asked.getFirst().url()).endsWith("&metadata=%7B%22n%22%3A1%7D");
        assertThat(answer.record().subrequests()).isEqualTo(12);
    }

    @Test
    void refusesWhatNoNamespaceTakesBeforeTheNodeIsAsked() {
        Answer answer = run("""
                const errors = [];
                for (const attempt of [() => env.USERS.get(""), () => env.USERS.get("a", "xml"), () => env.USERS.put("a", {}),
                  () => env.USERS.put("a", "b", {expirationTtl: 5}), () => env.USERS.put("a", new Uint8Array(25 * 2 ** 20 + 1)),
                  () => env.USERS.list({limit: 0}), () => new env.USERS.constructor("x"), () => env.USERS.get(1)]) {
                  try { await attempt(); errors.push("none"); } catch (e) { errors.push(e.name); }
                }
                return new Response(errors.join());""");

        assertThat(answer.body()).isEqualTo("TypeError,".repeat(7) + "TypeError");
        assertThat(asked).isEmpty();
    }

    @Test
    void callsAnotherFunctionWithARequestAndStreamsBothWays() {
        Answer answer = run("""
                const one = await env.OTHER.fetch("https://inner.example/x", {method: "POST", body: "hello"});
                const two = await env.OTHER.fetch(new Request("https://inner.example/y", {headers: {a: "b"}}));
                return new Response(one.body, {headers: {two: await two.text(), type: Object.prototype.toString.call(env.OTHER)}});""");

        assertThat(answer.body()).isEqualTo("POST OTHER hello");
        assertThat(answer.header("two")).isEqualTo("GET OTHER");
        assertThat(answer.header("type")).isEqualTo("[object Fetcher]");
        assertThat(asked.get(1).headers()).containsExactly(new HeaderField("a", "b"));
    }

    @Test
    void keepsResponsesInCachesByName() {
        Answer answer = run("""
                const cache = await caches.open("mine");
                await cache.put("https://x.example/a#part", new Response("kept", {headers: {"cache-control": "max-age=60"}}));
                const found = await cache.match("https://x.example/a");
                const out = [await found.text(), await caches.default.match("https://x.example/a"),
                  await cache.match(new Request("https://x.example/a", {method: "POST"})),
                  await cache.delete("https://x.example/a"), await cache.delete("https://x.example/a"),
                  await cache.match("https://x.example/a"), caches === globalThis.caches, caches instanceof CacheStorage];
                for (const bad of [() => cache.put(new Request("https://x/", {method: "POST"}), new Response()),
                  () => cache.put("https://x/", new Response("", {status: 206})), () => cache.put("ftp://x/", new Response()),
                  () => cache.put("https://x/", new Response("", {headers: {vary: "a, *"}})), () => cache.keys()]) {
                  try { await bad(); out.push("none"); } catch (e) { out.push(e.name); }
                }
                return new Response(out.join());""");

        assertThat(answer.body())
                .isEqualTo("kept,,,true,false,,true,true,TypeError,TypeError,TypeError,TypeError,NotSupportedError");
        assertThat(asked.getFirst().target()).isEqualTo(new SubrequestTarget.Cache("mine"));
        assertThat(asked.getFirst().options()).contains("\"status\":200").contains("cache-control");
    }

    @Test
    void knowsTheFactsOfItsRequestAndOfNoOther() {
        Answer answer = run("""
                const copy = new Request(request, {headers: {a: "b"}});
                try { request.verge.clientIp = "x"; } catch (e) { }
                return Response.json([request.verge.clientIp, copy.verge === request.verge, copy.clone().verge.tlsVersion,
                  new Request("http://x/").verge === undefined, Object.isFrozen(request.verge), env.NAME, Object.isFrozen(env)]);""");

        assertThat(answer.body()).isEqualTo("[\"192.0.2.7\",true,null,true,true,\"value\",true]");
        assertThat(answer.record().traceparent()).isEqualTo("00-1-2-01");
    }

    @Test
    void bindingsCountAsSubrequestsAndAnswerNobodyOutsideAHandler() {
        Answer answer = await(lab.send(call("""
                export default { async fetch(request, env) { for (let i = 0; i < 60; i++) await env.USERS.get("k" + i); } }
                """, null)));

        assertThat(answer.record().outcome()).isEqualTo(FunctionOutcome.OVER_SUBREQUESTS);
        assertThat(answer.record().subrequests()).isEqualTo(50);
    }

    @Test
    void anAbortedSubrequestIsToldToTheNodeBeforeItsAnswerAndDuringItsBody() {
        List<Subrequest> heard = new CopyOnWriteArrayList<>();
        Ask ask = Ask.of("""
                export default { async fetch(request) {
                  const early = new AbortController();
                  const waiting = fetch("http://x/never", {signal: early.signal}).catch((e) => e.name);
                  setTimeout(() => early.abort(), 5);
                  const late = new AbortController();
                  const response = await fetch("http://x/endless", {signal: late.signal});
                  const reader = response.body.getReader();
                  await reader.read();
                  late.abort();
                  const failed = await reader.read().catch((e) => e.name);
                  return new Response([await waiting, failed].join());
                } }""").subrequests(request -> {
            request.signal().onAbort(() -> heard.add(request));
            return request.url().endsWith("never")
                    ? Promise.<SubrequestResponse>promise().future()
                    : Future.succeededFuture(answer(200, request.url(), "x".repeat(1 << 20), List.of()));
        });
        Answer answer = lab.ask(ask);

        assertThat(answer.body()).isEqualTo("AbortError,AbortError");
        until("both signals", () -> heard.size() == 2);
    }

    @Test
    void runsTicksOfASchedule() {
        ScheduledEvent event = new ScheduledEvent("*/5 * * * *", Instant.ofEpochMilli(60_000));
        Answer module = await(lab.send(call("""
                export default { async scheduled(event, env, ctx) {
                  console.log(event.cron, event.scheduledTime, event.type, env.NAME);
                  ctx.waitUntil(env.USERS.get("a").then(() => console.log("later")));
                } }""", event)));
        Answer listener = await(lab.send(call("""
                addEventListener("scheduled", (event) => event.waitUntil(Promise.resolve().then(() => console.log(event.cron))));
                """, event)));
        Answer thrown = await(lab.send(call("export default { scheduled() { throw new Error('no') } }", event)));
        Answer none = await(lab.send(call("export default { fetch() {} }", event)));
        Answer noFetch = await(lab.send(call("export default { scheduled() {} }", null)));

        assertThat(module.record().outcome()).isEqualTo(FunctionOutcome.OK);
        assertThat(texts(module)).containsExactly("*/5 * * * * 60000 scheduled value", "later");
        assertThat(texts(listener)).containsExactly("*/5 * * * *");
        assertThat(thrown.record().outcome()).isEqualTo(FunctionOutcome.THREW);
        assertThat(texts(none).getFirst()).contains("no scheduled handler");
        assertThat(texts(noFetch).getFirst()).contains("no fetch handler");
    }

    private static List<String> texts(Answer answer) {
        return new ArrayList<>(
                answer.record().logs().stream().map(LogLine::text).toList());
    }

    @Test
    void showsAStackInTheSourcesOfItsAuthor() {
        String map = "{\"version\":3,\"sources\":[\"src/a.ts\"],\"mappings\":\"AAAA\"}";
        String data = Base64.getEncoder().encodeToString(map.getBytes(StandardCharsets.UTF_8));
        Answer answer = lab.ask("export default { fetch() { throw new Error('here') } };\n//# sourceMappingURL="
                + "data:application/json;base64," + data);

        assertThat(answer.logs())
                .contains("Error: here")
                .contains("src/a.ts:1:1")
                .doesNotContain("main.js");
    }
}
