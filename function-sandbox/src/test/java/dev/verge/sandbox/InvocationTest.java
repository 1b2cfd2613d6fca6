package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a function can do, and how its runs end, in one host. */
class InvocationTest {
    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = new Lab();
        Lab.until("a spare is warm", () -> lab.runtime.status().spares() == 1);
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    private static String handler(String body) {
        return "export default { async fetch(request, env, ctx) { " + body + " } };";
    }

    @Test
    void answersHello() {
        Answer answer = lab.ask(handler("return new Response('hello ' + request.url);"));
        assertThat(answer.body()).isEqualTo("hello http://site.example/path?a=1");
        assertThat(answer.record().outcome()).isEqualTo(FunctionOutcome.OK);
        assertThat(answer.header("content-type")).isEqualTo("text/plain;charset=UTF-8");
    }

    @Test
    void isCompiledWithTheCompilerOnTheClassPathAndSaysSo() {
        lab.ask(handler("return new Response()"));
        assertThat(lab.runtime.engine()).startsWith("GraalVM");
        assertThat(lab.runtime.status().optimised()).isTrue();
    }

    @Test
    void echoesJson() {
        Answer answer = lab.ask(Ask.of(
                        handler(
                                "const data = await request.json(); data.seen = true;"
                                        + "return Response.json(data, {status: 201, headers: {'X-Kind': request.headers.get('content-type')}});"))
                .headers(new HeaderField("Content-Type", "application/json"))
                .post(Source.of(Buffer.buffer("{\"name\":\"Zoë €\"}"))));
        assertThat(answer.body()).isEqualTo("{\"name\":\"Zoë €\",\"seen\":true}");
        assertThat(answer.result().status()).isEqualTo(201);
        assertThat(answer.header("x-kind")).isEqualTo("application/json");
    }

    @Test
    void givesVarsThatARequestCannotChange() {
        Ask ask = Ask.of(handler("try { env.KEY = 'poisoned'; } catch {} return new Response(env.KEY);"))
                .env(Map.of("KEY", "value"));
        assertThat(lab.ask(ask).body()).isEqualTo("value");
        assertThat(lab.ask(ask).body()).isEqualTo("value");
    }

    @Test
    void importsModulesTextAndJson() {
        FunctionBundle bundle = FunctionBundle.of(
                "src/main.js",
                Map.of(
                        "src/main.js",
                        bytes("import {up} from '../lib/up.js'; import page from './page.html';"
                                + "import data from './data.json' with {type: 'json'};"
                                + "export default { fetch: () => new Response(up(page) + data.n) };"),
                        "lib/up.js",
                        bytes("export const up = (text) => text.toUpperCase();"),
                        "src/page.html",
                        bytes("<p>\"x\"</p>"),
                        "src/data.json",
                        bytes("{\"n\": 7}")));
        assertThat(lab.ask(Ask.of("").bundle(bundle)).body()).isEqualTo("<P>\"X\"</P>7");
    }

    @Test
    void listensForFetchEvents() {
        Answer answer = lab.ask("addEventListener('fetch', (event) => event.respondWith(new Response('heard')));");
        assertThat(answer.body()).isEqualTo("heard");
    }

    @Test
    void keepsConsoleLinesWithTheirLevels() {
        Answer answer =
                lab.ask(handler("console.log('a %s', 'b', {c: [1]}); console.warn('w'); return new Response();"));
        assertThat(answer.logs()).isEqualTo("log: a b { c: [1] }\nwarn: w\n");
    }

    @Test
    void boundsTheLog() {
        Answer answer = lab.ask(
                handler("for (let i = 0; i < 5000; i++) console.log('x'.repeat(100)); return new Response('ok');"));
        assertThat(answer.body()).isEqualTo("ok");
        assertThat(answer.logs().length()).isLessThan(140_000);
        assertThat(answer.logs()).endsWith("later lines are dropped.\n");
    }

    @Test
    void makesSubrequestsBothWaysWithBodies() {
        AtomicReference<Subrequest> seen = new AtomicReference<>();
        SubrequestHandler origin = request -> {
            seen.set(request);
            return Source.read(request.body())
                    .map(body -> new SubrequestResponse(
                            203,
                            request.url(),
                            false,
                            List.of(new HeaderField("X-Origin", "yes")),
                            Source.of(Buffer.buffer("got ").appendBuffer(body))));
        };
        Answer answer = lab.ask(Ask.of(
                        handler(
                                "const r = await fetch('https://site.example/a b?q=ü#f', {method: 'put', body: 'payload', headers: {'X-A': '1'}});"
                                        + "return new Response(r.status + ' ' + r.headers.get('x-origin') + ' ' + await r.text());"))
                .subrequests(origin));
        assertThat(answer.body()).isEqualTo("203 yes got payload");
        assertThat(seen.get().url()).isEqualTo("https://site.example/a%20b?q=%C3%BC");
        assertThat(seen.get().method()).isEqualTo("PUT");
        assertThat(seen.get().headers()).contains(new HeaderField("x-a", "1"));
        assertThat(answer.record().subrequests()).isEqualTo(1);
    }

    @Test
    void rejectsFetchWhenTheNodeRefuses() {
        Answer answer = lab.ask(Ask.of(
                        handler(
                                "try { await fetch('http://x.example/'); } catch (e) { return new Response(e.name + ': ' + e.message); }"))
                .subrequests(request -> Future.failedFuture("not allowed")));
        assertThat(answer.body()).isEqualTo("TypeError: fetch failed: not allowed");
    }

    @Test
    void endsWithTooManySubrequests() {
        Answer answer = lab.ask(Ask.of(handler("for (;;) await fetch('http://x.example/');"))
                .subrequests(request ->
                        Future.succeededFuture(new SubrequestResponse(204, request.url(), false, List.of(), null))));
        assertThat(answer.result().outcome()).isEqualTo(FunctionOutcome.OVER_SUBREQUESTS);
        assertThat(answer.record().subrequests()).isEqualTo(50);
    }

    @Test
    void anAbortedSubrequestThatIsNeverAnsweredHoldsNoPlace() {
        SubrequestHandler silent = request -> request.url().endsWith("silent")
                ? Promise.<SubrequestResponse>promise().future()
                : Future.succeededFuture(new SubrequestResponse(204, request.url(), false, List.of(), null));
        Answer answer = lab.ask(Ask.of(handler(
                        "const c = new AbortController(); const first = fetch('http://x.example/silent', {signal: c.signal}).catch((e) => e.name);"
                                + "const second = fetch('http://x.example/b'); setTimeout(() => c.abort(), 5);"
                                + "return new Response(await first + ' ' + (await second).status);"))
                .limits(FunctionLimits.DEFAULT.withCpu(Duration.ofSeconds(2)).withConcurrentSubrequests(1))
                .subrequests(silent));
        assertThat(answer.body()).as(answer.logs()).isEqualTo("AbortError 204");
    }

    @Test
    void noMoreSubrequestsThanTheLimitWaitForAnAnswerAtATime() {
        AtomicInteger waiting = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        SubrequestHandler slow = request -> {
            most.accumulateAndGet(waiting.incrementAndGet(), Math::max);
            return lab.vertx.timer(5, TimeUnit.MILLISECONDS).map(passed -> {
                waiting.decrementAndGet();
                return new SubrequestResponse(204, request.url(), false, List.of(), null);
            });
        };
        Answer answer = lab.ask(Ask.of(handler(
                        "const all = await Promise.all(Array.from({length: 20}, (_, i) => fetch('http://x.example/' + i)));"
                                + "return new Response(all.map((one) => one.url.slice(17)).join());"))
                .limits(FunctionLimits.DEFAULT.withCpu(Duration.ofSeconds(2)).withConcurrentSubrequests(3))
                .subrequests(slow));
        assertThat(answer.body()).as(answer.logs()).isEqualTo("0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19");
        assertThat(most).hasValue(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "THREW        | throw new Error('secret detail');",
                "THREW        | return await new Promise(() => {});",
                "BAD_RESPONSE | return 'text';",
                "BAD_RESPONSE | const r = new Response('x'); await r.text(); return r;",
                "OVER_CPU     | while (true) {}",
                "OVER_CPU     | for (;;) await null;",
                "OVER_WALL    | await new Promise((resolve) => setTimeout(resolve, 60000));",
            })
    void endsAs(FunctionOutcome outcome, String body) {
        FunctionLimits few = FunctionLimits.DEFAULT
                .withCpu(Duration.ofMillis(150))
                // A loop that makes promises allocates more than a gibibyte a second on fast machines.
                .withAllocatedBytes(FunctionLimits.MAX_ALLOCATED_BYTES);
        // Only where it is what is tested: a loop on a busy machine may wait for its CPU time.
        boolean waits = outcome == FunctionOutcome.OVER_WALL;
        Ask ask = Ask.of(handler(body)).limits(waits ? few.withWall(Duration.ofSeconds(4)) : few);
        Answer answer = lab.ask(ask);
        assertThat(answer.result().outcome()).as(answer.logs()).isEqualTo(outcome);
        assertThat(answer.result().status()).isEqualTo(outcome.status());
        assertThat(answer.body()).isEmpty();
        assertThat(answer.logs()).startsWith("exception: ");
    }

    @Test
    void stopsAllocationBeforeTheHeapIsFull() {
        FunctionLimits little = new FunctionLimits(
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                32 << 20,
                64 << 20,
                50,
                16,
                128 << 10,
                FunctionLimits.DEFAULT.startup(),
                FunctionLimits.DEFAULT.codeBytes());
        Answer answer = lab.ask(Ask.of(handler("const all = []; for (;;) all.push(new Array(20000).fill(0));"))
                .limits(little));
        assertThat(answer.result().outcome()).as(answer.logs()).isEqualTo(FunctionOutcome.OVER_MEMORY);
    }

    @Test
    void logsExceptionsWithTheirPlaceAndSaysNothingToTheClient() {
        Answer answer = lab.ask("export default {\n  fetch() {\n    throw new TypeError('secret');\n  }\n};");
        assertThat(answer.result().headers()).isEmpty();
        assertThat(answer.logs()).contains("TypeError: secret").contains("main.js:3:");
    }

    @Test
    void passesThroughOnlyAfterItWasAskedTo() {
        assertThat(lab.ask(handler("ctx.passThroughOnException(); throw new Error();"))
                        .result()
                        .passThrough())
                .isTrue();
        assertThat(lab.ask(handler("throw new Error();")).result().passThrough())
                .isFalse();
    }

    @Test
    void waitsForWaitUntil() {
        Answer answer = lab.ask(
                handler(
                        "ctx.waitUntil(new Promise((r) => setTimeout(r, 20)).then(() => console.log('later'))); return new Response('now');"));
        assertThat(answer.body()).isEqualTo("now");
        assertThat(answer.logs()).isEqualTo("log: later\n");
    }

    @Test
    void clocksStandStillWithinATurn() {
        Answer answer = lab.ask(
                handler(
                        "const a = Date.now(), p = performance.now(), n = new Date().getTime();"
                                + "for (let i = 0; i < 3e6; i++) ; const same = a === Date.now() && p === performance.now() && n === +new Date();"
                                + "await new Promise((r) => setTimeout(r, 20)); return new Response(same + ' ' + (Date.now() - a >= 19));"));
        assertThat(answer.body()).isEqualTo("true true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eval('1')",
                "new Function('return 1')()",
                "(async () => {}).constructor('return 1')()",
                "Java.type('java.lang.System')",
                "Polyglot.eval('js', '1')",
                "load('/etc/passwd')",
                "await import('/etc/passwd')",
                "await import('file:///etc/passwd')",
                "new SharedArrayBuffer(1)",
                "Atomics.load(new Int32Array(1), 0)",
                "print('x')",
                "setTimeout('1', 0)",
                "java.lang.Runtime",
            })
    void grantsNothing(String attempt) {
        Answer answer = lab.ask(handler("try { const got = " + attempt
                + "; return new Response('got ' + typeof got); } catch (e) { return new Response('refused'); }"));
        assertThat(answer.body()).isEqualTo("refused");
    }

    @Test
    void answersHundredsOfCallsAtOnce() {
        Ask ask = Ask.of(handler(
                "await new Promise((r) => setTimeout(r, 5)); return new Response(new URL(request.url).search);"));
        List<Future<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            answers.add(lab.send(ask.url("http://site.example/?" + i)));
        }
        for (int i = 0; i < 400; i++) {
            assertThat(Lab.await(answers.get(i)).body()).isEqualTo("?" + i);
        }
    }

    @Test
    void endsACancelledCall() {
        FunctionInvocation running = Lab.await(
                lab.start(Ask.of(handler("await new Promise((r) => setTimeout(r, 20000)); return new Response();"))));
        running.cancel();
        FunctionResult result = Lab.await(running.result());
        assertThat(result.outcome()).isEqualTo(FunctionOutcome.CANCELLED);
        assertThat(Lab.await(result.done()).outcome()).isEqualTo(FunctionOutcome.CANCELLED);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
