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
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request over one connection: sends it, waits for the head within its time, hands the body on. */
final class OneTry {
    /** RFC 9113 §7: the origin did nothing for this request. */
    private static final long REFUSED_STREAM = 0x7;

    /** An origin that hints without end wastes its client's time; the rest is dropped. */
    private static final int MAX_INTERIM = 16;

    private final Vertx vertx;
    private final HttpClientRequest request;
    private final OriginCall call;
    private final Promise<TryEnd> end = Promise.promise();
    private final OriginConnection connection;
    private final @Nullable AnswerGate gate;
    private final boolean kept;
    private final long deadlineNanos;
    private long headTimer;
    private OriginFailure late = OriginFailure.TOTAL_TIMEOUT;
    private boolean requestEnded;
    private boolean answerEnded;
    private boolean givenBack;
    private boolean bodyTaken;
    private int interim;

    /** @param left what is left of the time for the head */
    OneTry(Vertx vertx, HttpClientRequest request, OriginConnection connection, OriginCall call, Duration left) {
        this.vertx = vertx;
        this.request = request;
        this.connection = connection;
        this.gate = connection.gate();
        this.kept = connection.isKept();
        this.call = call;
        this.deadlineNanos = System.nanoTime() + left.toNanos();
        this.headTimer = vertx.setTimer(Math.max(1, left.toMillis()), ignored -> timedOut());
    }

    Future<TryEnd> run() {
        if (gate != null) {
            gate.expect(call.method());
        }
        call.fields().forEach(this::field);
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

    private void field(String name, String value) {
        if (connection.isMultiplexed() && name.equalsIgnoreCase("host")) {
            // RFC 9113 §8.3.1: the authority stands in its place.
            request.authority(HostAndPort.parseAuthority(value, -1));
            return;
        }
        request.headers().add(name, value);
        if (connection.isMultiplexed() && name.equalsIgnoreCase("content-type") && isGrpc(value)) {
            // Of one hop, so made anew: gRPC servers insist on it.
            request.headers().set("te", "trailers");
        }
    }

    /** The whole request is with the origin: from now on its head has {@code firstByte}. */
    private void requestEnded() {
        requestEnded = true;
        Duration firstByte = call.timeouts().firstByte();
        if (!end.future().isComplete() && firstByte.toNanos() < deadlineNanos - System.nanoTime()) {
            vertx.cancelTimer(headTimer);
            late = OriginFailure.FIRST_BYTE_TIMEOUT;
            headTimer = vertx.setTimer(Math.max(1, firstByte.toMillis()), ignored -> timedOut());
        }
        giveBackIfDone();
    }

    private void giveBackIfDone() {
        if (requestEnded && answerEnded) {
            giveBack(true);
        }
    }

    private void giveBack(boolean clean) {
        if (!givenBack) {
            givenBack = true;
            connection.giveBack(clean);
        }
    }

    /** Ends the request in the middle. */
    private void abandon() {
        request.reset();
        giveBack(false);
    }

    /** Nobody waits any more: the connection is given up, and the end stays open. */
    void cancel() {
        vertx.cancelTimer(headTimer);
        giveUpRequestBody();
        abandon();
    }

    private void sendWhole(Buffer bytes) {
        if (bytes.length() == 0) {
            if (call.method().equals("POST")
                    || call.method().equals("PUT")
                    || call.method().equals("PATCH")) {
                request.putHeader("content-length", "0");
            }
            request.end().onSuccess(sent -> requestEnded());
        } else {
            request.putHeader("content-length", Integer.toString(bytes.length()));
            request.end(bytes).onSuccess(sent -> requestEnded());
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
            abandon();
        });
        stream.handler(chunk -> {
            request.write(chunk);
            if (request.writeQueueFull()) {
                stream.pause();
            }
        });
        stream.endHandler(ignored -> request.end().onSuccess(sent -> requestEnded()));
        stream.resume();
    }

    private void timedOut() {
        if (end.tryComplete(new TryEnd.Failed(TryFailure.TIMEOUT, late, true, bodyTaken, false))) {
            giveUpRequestBody();
            abandon();
        }
    }

    private void failed(Throwable cause) {
        vertx.cancelTimer(headTimer);
        if (end.tryComplete(meaning(cause))) {
            giveUpRequestBody();
            abandon();
        }
    }

    private TryEnd.Failed meaning(Throwable cause) {
        boolean unseen = cause instanceof StreamResetException reset && reset.getCode() == REFUSED_STREAM;
        boolean closed = cause instanceof IOException
                || cause instanceof HttpClosedException
                || cause instanceof StreamResetException;
        if (!closed) {
            return new TryEnd.Failed(TryFailure.BAD_RESPONSE, OriginFailure.BAD_ANSWER, true, bodyTaken, false);
        }
        boolean silent = gate == null || !gate.hasStarted();
        return new TryEnd.Failed(TryFailure.RESET, OriginFailure.RESET, !unseen, bodyTaken, kept && silent);
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
                    new TryEnd.Failed(TryFailure.BAD_RESPONSE, OriginFailure.BAD_ANSWER, true, bodyTaken, false))) {
                giveUpRequestBody();
                abandon();
            }
            return;
        }
        long length = length(response, status);
        OriginBody stream = new OriginBody(vertx, response, allowedSilence(response), length == 0, clean -> {
            answerEnded = true;
            if (clean) {
                giveBackIfDone();
            } else {
                giveBack(false);
            }
        });
        Body body = new Body.Streamed(stream, length, stream::giveUp);
        if (!end.tryComplete(new TryEnd.Answered(status, fields, body))) {
            body.discard();
        }
    }

    /** Streams that are silent for long by their nature have a time of their own. */
    private Duration allowedSilence(HttpClientResponse response) {
        String type = response.getHeader("content-type");
        boolean endless = type != null && (type.regionMatches(true, 0, "text/event-stream", 0, 17) || isGrpc(type));
        return endless ? call.timeouts().idleStream() : call.timeouts().betweenBytes();
    }

    private static boolean isGrpc(String contentType) {
        return contentType.regionMatches(true, 0, "application/grpc", 0, 16);
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
