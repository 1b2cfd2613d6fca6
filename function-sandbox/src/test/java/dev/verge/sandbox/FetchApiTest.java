package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests, responses, forms and URLs as a script sees them, and bodies on their way through a function; in one host. */
class FetchApiTest {
    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = Lab.shared();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(FetchApiTest.class.getResourceAsStream("fetch/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({"headers.js,30", "messages.js,120", "forms.js,45", "urls.js,70"})
    void isAsTheStandardsSay(String cases, int least) throws IOException {
        FunctionLimits patient = FunctionLimits.DEFAULT.withCpu(Duration.ofSeconds(20));
        Answer answer = lab.ask(Ask.of(resource("prelude.js") + resource(cases)).limits(patient));
        assertThat(answer.record().outcome()).as(answer.logs()).isEqualTo(FunctionOutcome.OK);
        JsonObject result = new JsonObject(answer.body());
        assertThat(result.getJsonArray("failures")).isEmpty();
        assertThat(result.getInteger("ran")).isGreaterThanOrEqualTo(least);
    }

    private static Buffer random(int bytes) {
        byte[] data = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(data);
        return Buffer.buffer(data);
    }

    private static Future<SubrequestResponse> answer(Buffer body) {
        return Future.succeededFuture(
                new SubrequestResponse(200, "http://up.example/", false, List.of(), Source.of(body)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fetch('http://up.example/')",
                "fetch('http://up.example/').then((up) => new Response(up.body, up))",
                "fetch('http://up.example/').then((up) => new Response(up.body.pipeThrough(new TransformStream())))",
                "fetch('http://up.example/').then((up) => up.clone())",
            })
    void passesABodyOnWholeWhicheverWayItGoes(String answer) {
        Buffer body = random(1_000_000);
        FunctionResult result = Lab.await(
                lab.onContext(() -> lab.runtime.invoke(Ask.of("export default { fetch() { return " + answer + "; } };")
                        .subrequests(request -> answer(body))
                        .call())));
        Buffer received = Lab.await(lab.onContext(() -> Source.read(result.body())));
        assertThat(received.equals(body))
                .as("the same %d bytes, of %d", body.length(), received.length())
                .isTrue();
        assertThat(Lab.await(result.done()).outcome()).isEqualTo(FunctionOutcome.OK);
    }

    @Test
    void passesARequestOnWithItsBody() {
        Buffer body = random(700_000);
        Answer answer = lab.ask(Ask.of(
                        "export default { async fetch(request) {"
                                + " const up = await fetch(new Request('http://up.example/', request)); return new Response(await up.text() + request.bodyUsed); } };")
                .post(Source.of(body))
                .subrequests(request -> Source.read(request.body())
                        .compose(sent -> answer(Buffer.buffer(sent.equals(body) ? "same " : "other ")))));
        assertThat(answer.body()).as(answer.logs()).isEqualTo("same true");
    }

    @Test
    void aBodyThatIsPassedOnCountsAsRead() {
        Answer answer = lab.ask(Ask.of(
                        "let log; export default { async fetch(request, env, ctx) { const up = await fetch('http://up.example/');"
                                + " ctx.waitUntil(new Promise((done) => setTimeout(() => { console.log('used ' + up.bodyUsed + ' locked ' + up.body.locked); done(); }, 1)));"
                                + " return new Response(up.body, up); } };")
                .subrequests(request -> answer(Buffer.buffer("hello"))));
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.logs()).contains("used true locked true");
    }

    @Test
    void anAbortedFetchRejectsWithTheReasonOfItsSignal() {
        Promise<SubrequestResponse> never = Promise.promise();
        Answer answer = lab.ask(Ask.of(
                        "export default { async fetch() { const c = new AbortController(); setTimeout(() => c.abort('enough'), 1);"
                                + " try { await fetch('http://up.example/', { signal: c.signal }); } catch (reason) { return new Response(String(reason)); } } };")
                .subrequests(request -> never.future()));
        assertThat(answer.body()).isEqualTo("enough");
        assertThat(answer.record().outcome()).isEqualTo(FunctionOutcome.OK);
    }

    @Test
    void anAbortEndsTheBodyToo() {
        AtomicInteger chunks = new AtomicInteger();
        Answer answer = lab.ask(Ask.of(
                        "export default { async fetch() { const c = new AbortController(); const up = await fetch('http://up.example/', { signal: c.signal });"
                                + " const reader = up.body.getReader(); await reader.read(); c.abort(new Error('enough'));"
                                + " try { for (;;) await reader.read(); } catch (reason) { return new Response(reason.message); } } };")
                .subrequests(request -> Future.succeededFuture(new SubrequestResponse(
                        200,
                        "http://up.example/",
                        false,
                        List.of(),
                        new Source(() -> chunks.incrementAndGet() > 500 ? null : Buffer.buffer("chunk"))))));
        assertThat(answer.body()).isEqualTo("enough");
    }

    @Test
    void chunksOfAStreamGoOutAsTheyAreMade() {
        Promise<SubrequestResponse> gate = Promise.promise();
        FunctionResult result = Lab.await(lab.onContext(() -> lab.runtime.invoke(Ask.of(
                        "export default { fetch() { let n = 0; return new Response(new ReadableStream({ async pull(c) { if (++n === 1) c.enqueue(new TextEncoder().encode('data: 1\\n\\n'));"
                                + " else { await fetch('http://up.example/'); c.close(); } } }), { headers: { 'content-type': 'text/event-stream' } }); } };")
                .subrequests(request -> gate.future())
                .call())));
        Promise<String> first = Promise.promise();
        Future<Void> end = lab.onContext(() -> {
            Promise<Void> over = Promise.promise();
            ReadStream<Buffer> body = Objects.requireNonNull(result.body());
            body.handler(chunk -> first.tryComplete(chunk.toString()));
            body.endHandler(nothing -> over.complete());
            body.resume();
            return over.future();
        });
        assertThat(Lab.await(first.future())).isEqualTo("data: 1\n\n");
        assertThat(end.isComplete()).isFalse();
        gate.complete(new SubrequestResponse(200, "http://up.example/", false, List.of(), null));
        Lab.await(end);
    }
}
