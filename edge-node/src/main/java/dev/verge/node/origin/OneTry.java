package dev.verge.node.origin;

import dev.verge.balancer.TryFailure;
import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ContentTooLarge;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.exchange.FieldRules;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request over one connection: sends it, waits for the head within its time, hands the body on. */
final class OneTry {
    /** An origin that hints without end wastes its client's time; the rest is dropped. */
    private static final int MAX_INTERIM = 16;

    private final Vertx vertx;
    private final HttpClientRequest request;
    private final OriginCall call;
    private final Promise<TryEnd> end = Promise.promise();
    private final long headTimer;
    private final boolean totalIsShorter;
    private boolean bodyTaken;
    private int interim;

    /** @param left what is left of the time for the head */
    OneTry(Vertx vertx, HttpClientRequest request, OriginCall call, Duration left) {
        this.vertx = vertx;
        this.request = request;
        this.call = call;
        this.totalIsShorter = left.compareTo(call.timeouts().firstByte()) < 0;
        Duration wait = totalIsShorter ? left : call.timeouts().firstByte();
        this.headTimer = vertx.setTimer(Math.max(1, wait.toMillis()), ignored -> timedOut());
    }

    Future<TryEnd> run() {
        AnswerGate gate = AnswerGate.of(request.connection());
        if (gate != null) {
            gate.expect(call.method());
        }
        call.fields().forEach((name, value) -> request.headers().add(name, value));
        request.exceptionHandler(this::failed);
        request.earlyHintsHandler(this::hinted);
        request.response().onComplete(this::answered, this::failed);
        switch (call.body()) {
            case Body.Whole whole -> sendWhole(whole.bytes());
            case Body.Streamed streamed -> sendStream(streamed);
            case Body.Pulled pulled -> sendStream(pulled.streamed());
        }
        return end.future();
    }

    /** Nobody waits any more: the connection is given up, and the end stays open. */
    void cancel() {
        vertx.cancelTimer(headTimer);
        giveUpRequestBody();
        request.reset();
    }

    private void sendWhole(Buffer bytes) {
        if (bytes.length() == 0) {
            if (call.method().equals("POST")
                    || call.method().equals("PUT")
                    || call.method().equals("PATCH")) {
                request.putHeader("content-length", "0");
            }
            request.end();
        } else {
            request.putHeader("content-length", Integer.toString(bytes.length()));
            request.end(bytes);
        }
    }

    private void sendStream(Body.Streamed body) {
        bodyTaken = true;
        if (body.length() >= 0) {
            request.putHeader("content-length", Long.toString(body.length()));
        } else {
            request.setChunked(true);
        }
        ReadStream<Buffer> stream = body.stream();
        request.drainHandler(ignored -> stream.resume());
        stream.exceptionHandler(broken -> {
            // A request cut short by its sender never looks complete to the origin.
            vertx.cancelTimer(headTimer);
            end.tryComplete(new TryEnd.SenderFailed(ContentTooLarge.meaning(broken)));
            body.cancel().run();
            request.reset();
        });
        stream.handler(chunk -> {
            request.write(chunk);
            if (request.writeQueueFull()) {
                stream.pause();
            }
        });
        stream.endHandler(ignored -> request.end());
        stream.resume();
    }

    private void timedOut() {
        OriginFailure failure = totalIsShorter ? OriginFailure.TOTAL_TIMEOUT : OriginFailure.FIRST_BYTE_TIMEOUT;
        if (end.tryComplete(new TryEnd.Failed(TryFailure.TIMEOUT, failure, true, bodyTaken))) {
            giveUpRequestBody();
            request.reset();
        }
    }

    private void failed(Throwable cause) {
        vertx.cancelTimer(headTimer);
        boolean notHttp = !(cause instanceof java.io.IOException) && !isClosed(cause);
        TryEnd.Failed failed = notHttp
                ? new TryEnd.Failed(TryFailure.BAD_RESPONSE, OriginFailure.BAD_ANSWER, true, bodyTaken)
                : new TryEnd.Failed(TryFailure.RESET, OriginFailure.RESET, true, bodyTaken);
        if (end.tryComplete(failed)) {
            giveUpRequestBody();
        }
    }

    private static boolean isClosed(Throwable cause) {
        return cause instanceof io.vertx.core.http.HttpClosedException
                || cause instanceof io.vertx.core.http.StreamResetException;
    }

    private void giveUpRequestBody() {
        if (bodyTaken) {
            call.body().discard();
        }
    }

    /** RFC 9110 §15.2: a proxy passes interim responses on. */
    private void hinted(MultiMap received) {
        int status = InterimResponses.takeNumber(received);
        if (interim++ < MAX_INTERIM && !end.future().isComplete()) {
            call.interim().interim(status, FieldRules.endToEnd(fields(received)).without("content-length"));
        }
    }

    private void answered(HttpClientResponse response) {
        vertx.cancelTimer(headTimer);
        response.pause();
        HttpFields fields = FieldRules.endToEnd(fields(response.headers()));
        int status = response.statusCode();
        if (status < 200 || status > 599) {
            response.exceptionHandler(reset -> {});
            if (end.tryComplete(
                    new TryEnd.Failed(TryFailure.BAD_RESPONSE, OriginFailure.BAD_ANSWER, true, bodyTaken))) {
                request.reset();
            }
            return;
        }
        OriginBody stream = new OriginBody(vertx, response, call.timeouts().betweenBytes());
        Body body = new Body.Streamed(stream, length(response, status), stream::giveUp);
        if (!end.tryComplete(new TryEnd.Answered(status, fields, body))) {
            body.discard();
        }
    }

    private long length(HttpClientResponse response, int status) {
        if (request.getMethod().equals(HttpMethod.HEAD) || status == 204 || status == 304) {
            return 0;
        }
        @Nullable String length = response.getHeader("content-length");
        return length == null ? -1 : Long.parseLong(length);
    }

    private static HttpFields fields(MultiMap received) {
        HttpFields.Builder fields = HttpFields.builder();
        received.forEach(fields::add);
        return fields.build();
    }
}
