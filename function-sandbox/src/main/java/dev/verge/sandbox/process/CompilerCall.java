package dev.verge.sandbox.process;

import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionCall;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.FunctionResult;
import dev.verge.sandbox.FunctionVersion;
import dev.verge.sandbox.NoHostException;
import dev.verge.sandbox.SubrequestHandler;
import dev.verge.sandbox.typescript.Compiler;
import dev.verge.sandbox.typescript.Compiler.Answer;
import dev.verge.sandbox.typescript.Compiler.Question;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A call of the compiler in the host of a check. */
final class CompilerCall {
    private static final FunctionBundle FUNCTION = Compiler.function();
    private static final FunctionVersion VERSION =
            new FunctionVersion(HostFleet.CHECK, "typescript", "", FUNCTION.sha256(), Compiler.LIMITS, Map.of());

    private CompilerCall() {}

    /**
     * Asks the compiler; once more if it was over its processor time, as it is warm then.
     *
     * @return fails only with {@link NoHostException}: when there is no host any more, or it did not get to the end
     */
    static Future<Answer> ask(Context context, HostProcess host, Question question) {
        return askOnce(context, host, question)
                .compose(first ->
                        first.status() != 0 ? Future.succeededFuture(first) : askOnce(context, host, question));
    }

    private static Future<Answer> askOnce(Context context, HostProcess host, Question question) {
        Promise<Answer> answered = Promise.promise();
        FunctionCall call = new FunctionCall(
                VERSION,
                () -> Future.succeededFuture(FUNCTION),
                "check",
                "POST",
                question.url(),
                List.of(),
                InboundBody.of(Buffer.buffer(question.text())),
                SubrequestHandler.NONE);
        context.runOnContext(nothing -> {
            NodeCall started =
                    new NodeCall(call, context, again -> again.refuse(new NoHostException("the host has ended")));
            host.load(VERSION, call.bundle())
                    .onComplete(
                            id -> context.runOnContext(here -> started.send(host, id)),
                            failure -> context.runOnContext(here -> started.refuse(failure)));
            started.result().compose(CompilerCall::read).onComplete(answered);
        });
        return answered.future();
    }

    /**
     * What an end without an answer is to the author. Processor time and memory are measured of the compiler alone, so they tell of the
     * module; anything else (time on the clock, an end of the host) tells of the machine, and asking again may help.
     */
    static Future<Answer> withoutAnswer(FunctionOutcome outcome) {
        String end = "the compiler ended as " + outcome.word();
        return outcome == FunctionOutcome.OVER_CPU || outcome == FunctionOutcome.OVER_MEMORY
                ? Future.succeededFuture(Answer.none(end))
                : Future.failedFuture(new NoHostException(end));
    }

    private static Future<Answer> read(FunctionResult result) {
        if (result.outcome() != FunctionOutcome.OK) {
            return withoutAnswer(result.outcome());
        }
        Buffer whole = result.whole();
        ReadStream<Buffer> body = result.body();
        if (whole != null || body == null) {
            return Future.succeededFuture(answer(result, whole == null ? Buffer.buffer() : whole));
        }
        Promise<Answer> read = Promise.promise();
        Buffer all = Buffer.buffer();
        body.exceptionHandler(
                failure -> read.tryFail(new NoHostException("the compiler broke off: " + failure.getMessage())));
        body.endHandler(end -> read.tryComplete(answer(result, all)));
        body.handler(part -> {
            // What it makes is about as long as what it reads; the bundle's own bound tells of too much.
            if (all.length() <= FunctionBundle.MAX_BYTES) {
                all.appendBuffer(part);
            }
        });
        body.resume();
        return read.future();
    }

    private static Answer answer(FunctionResult result, Buffer body) {
        return new Answer(result.status(), body.toString(StandardCharsets.UTF_8));
    }
}
