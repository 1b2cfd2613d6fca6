package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A function that passes a body on as its response's: what its host was not sent of it goes on without it. */
class PassedBodyTest {
    private static final int FIRST = 100_000;

    private final Lab lab = Lab.shared();
    private final Tap upstream = new Tap();
    private final AtomicReference<@Nullable SubrequestSignal> signal = new AtomicReference<>();
    private long length = -1;

    private static Buffer random(int bytes) {
        byte[] data = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(data);
        return Buffer.buffer(data);
    }

    private Future<SubrequestResponse> answer(Subrequest request) {
        signal.set(request.signal());
        return Future.succeededFuture(
                new SubrequestResponse(200, "http://up.example/", false, List.of(), upstream, length));
    }

    private FunctionInvocation start(String handler) {
        return Lab.await(lab.start(Ask.of("export default { async fetch(request, env, ctx) { " + handler + " } };")
                .subrequests(this::answer)));
    }

    /** What its reader is told. */
    private final class Reader {
        final Buffer read = Buffer.buffer();
        final Promise<Buffer> whole = Promise.promise();

        Reader(@Nullable ReadStream<Buffer> body) {
            ReadStream<Buffer> from = Objects.requireNonNull(body);
            lab.onContext(() -> {
                from.handler(read::appendBuffer);
                from.endHandler(nothing -> whole.tryComplete(read));
                from.exceptionHandler(whole::tryFail);
                from.resume();
                return Future.succeededFuture();
            });
        }

        @Nullable
        Throwable failure() {
            AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();
            Lab.await(whole.future().map(true).otherwise(failed -> {
                cause.set(failed);
                return false;
            }));
            return cause.get();
        }
    }

    private void does(Runnable step) {
        Lab.await(lab.onContext(() -> {
            step.run();
            return Future.succeededFuture();
        }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return fetch('http://up.example/');",
                "const up = await fetch('http://up.example/'); return new Response(up.body, up);"
            })
    void theRunIsOverBeforeTheBodyIs(String handler) {
        Buffer first = random(FIRST);
        Buffer last = random(FIRST);
        does(() -> upstream.give(first));
        FunctionResult result = Lab.await(start(handler).result());
        Reader reader = new Reader(result.body());
        assertThat(Lab.await(result.done()).outcome()).isEqualTo(FunctionOutcome.OK);
        assertThat(reader.whole.future().isComplete()).isFalse();
        does(() -> {
            upstream.give(last);
            upstream.end();
        });
        Buffer whole = Lab.await(reader.whole.future());
        assertThat(whole.equals(Buffer.buffer().appendBuffer(first).appendBuffer(last)))
                .as("all %d bytes", whole.length())
                .isTrue();
        assertThat(Objects.requireNonNull(signal.get()).aborted()).isFalse();
    }

    @Test
    void whoNoLongerReadsItAbortsTheRequestOfARunThatIsOver() {
        does(() -> upstream.give(random(FIRST)));
        FunctionInvocation invocation = start("return fetch('http://up.example/');");
        FunctionResult result = Lab.await(invocation.result());
        Reader reader = new Reader(result.body());
        Lab.await(result.done());
        assertThat(Objects.requireNonNull(signal.get()).aborted()).isFalse();
        invocation.cancel();
        Lab.until(
                "the request is aborted",
                () -> Objects.requireNonNull(signal.get()).aborted());
        assertThat(reader.whole.future().isComplete()).isFalse();
    }

    @Test
    void itsReaderHearsThatItBreaksOff() {
        does(() -> upstream.give(random(FIRST)));
        FunctionResult result =
                Lab.await(start("return fetch('http://up.example/');").result());
        Reader reader = new Reader(result.body());
        Lab.await(result.done());
        does(() -> upstream.breakOff("the origin has gone"));
        assertThat(reader.failure()).hasMessage("the origin has gone");
    }

    @Test
    void itKeepsThePaceOfItsReader() {
        FunctionResult result =
                Lab.await(start("return fetch('http://up.example/');").result());
        ReadStream<Buffer> body = Objects.requireNonNull(result.body());
        Buffer read = Buffer.buffer();
        does(() -> body.handler(read::appendBuffer));
        Lab.await(result.done());
        does(() -> {
            for (int i = 0; i < 3; i++) {
                upstream.give(Buffer.buffer("piece " + i + ";"));
            }
            body.fetch(2);
        });
        assertThat(read.toString()).isEqualTo("piece 0;piece 1;");
        does(() -> body.resume());
        assertThat(read.toString()).isEqualTo("piece 0;piece 1;piece 2;");
    }

    @Test
    void aSignalStillEndsIt() {
        does(() -> upstream.give(random(FIRST)));
        FunctionResult result = Lab.await(
                start("const c = new AbortController(); ctx.waitUntil(new Promise((done) => setTimeout(() => {"
                                + " c.abort('enough'); done(); }, 50)));"
                                + " return fetch('http://up.example/', { signal: c.signal });")
                        .result());
        Reader reader = new Reader(result.body());
        assertThat(reader.failure()).isNotNull();
        assertThat(Lab.await(result.done()).outcome()).isEqualTo(FunctionOutcome.THREW);
        assertThat(Objects.requireNonNull(signal.get()).aborted()).isTrue();
    }

    @Test
    void aRequestMayBeAnsweredWithItsOwnBody() {
        Buffer body = random(700_000);
        FunctionResult result = Lab.await(lab.onContext(() ->
                lab.runtime.invoke(Ask.of("export default { fetch(request) { return new Response(request.body); } };")
                        .post(Source.of(body))
                        .call())));
        Buffer whole = Lab.await(new Reader(result.body()).whole.future());
        assertThat(whole.equals(body)).as("the same %d bytes", whole.length()).isTrue();
    }

    @Test
    void itsLengthIsKnownBeforeItsEnd() {
        length = 2L * FIRST;
        does(() -> upstream.give(random(FIRST)));
        FunctionResult result =
                Lab.await(start("const up = await fetch('http://up.example/'); return new Response(up.body, up);")
                        .result());
        assertThat(result.length()).isEqualTo(length);
        Reader reader = new Reader(result.body());
        does(() -> {
            upstream.give(random(FIRST));
            upstream.end();
        });
        assertThat(Lab.await(reader.whole.future()).length()).isEqualTo(2 * FIRST);
    }

    @Test
    void soIsThatOfOneThatItsHostHasAllOf() {
        length = 5;
        does(() -> {
            upstream.give(Buffer.buffer("whole"));
            upstream.end();
        });
        FunctionResult result = Lab.await(start("const up = await fetch('http://up.example/');"
                        + " await new Promise((done) => setTimeout(done, 20)); return up;")
                .result());
        assertThat(result.length()).isEqualTo(5);
        assertThat(Lab.await(new Reader(result.body()).whole.future())).hasToString("whole");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return new Response(up.body.pipeThrough(new TransformStream()));",
                "return new Response(up.clone().body);"
            })
    void whatMayBecomeAnotherBodyHasNone(String handler) {
        length = 2L * FIRST;
        does(() -> {
            upstream.give(random(FIRST));
            upstream.give(random(FIRST));
            upstream.end();
        });
        FunctionResult result = Lab.await(
                start("const up = await fetch('http://up.example/');" + handler).result());
        assertThat(result.length()).isEqualTo(-1);
        Lab.await(new Reader(result.body()).whole.future());
    }
}
