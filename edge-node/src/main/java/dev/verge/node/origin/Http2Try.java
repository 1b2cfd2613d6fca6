package dev.verge.node.origin;

import dev.verge.balancer.FairLimit;
import dev.verge.balancer.TryFailure;
import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ContentTooLarge;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.exchange.FieldRules;
import dev.verge.node.exchange.Grpc;
import dev.verge.node.exchange.LongStream;
import dev.verge.node.exchange.Trailed;
import io.netty.handler.codec.http.HttpResponseStatus;
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

/** One request over a connection of HTTP/2: sends it, waits for the head within its time, hands the body on. */
final class Http2Try implements OriginClient.Sending {
    /** RFC 9113 §7: the origin did nothing for this request. */
    private static final long REFUSED_STREAM = 0x7;

    /** An origin that hints without end wastes its client's time; the rest is dropped. */
    private static final int MAX_INTERIM = 16;

    private final Vertx vertx;
    private final HttpClientRequest request;
    private final OriginCall call;
    private final Promise<TryEnd> end;
    private final OriginConnection connection;
    private final boolean kept;
    private final long deadlineNanos;
    private FairLimit headTime;
    private OriginFailure late = OriginFailure.TOTAL_TIMEOUT;
    private boolean requestEnded;
    private boolean answerEnded;
    private boolean conversation;
    private boolean written;
    private long movedNanos = System.nanoTime();
    private @Nullable Http2Answer answerBody;
    private boolean givenBack;
    private boolean bodyTaken;
    private int interim;

    /**
     * A request that has not been sent.
     *
     * @param left what is left of the time for the head
     * @param end told how the head came, or that it did not
     */
    Http2Try(
            Vertx vertx,
            HttpClientRequest request,
            OriginConnection connection,
            OriginCall call,
            Duration left,
            Promise<TryEnd> end) {
        this.end = end;
        this.vertx = vertx;
        this.request = request;
        this.connection = connection;
        this.call = call;
        this.kept = connection.isKept();
        this.deadlineNanos = System.nanoTime() + left.toNanos();
        this.headTime = FairLimit.in(vertx, left, this::timedOut);
    }

    @Override
    public void run() {
        call.fields().forEach(this::field);
        if (conversation) {
            headTime.lift();
            awaitMove(call.timeouts().idleStream().toNanos());
        }
        request.exceptionHandler(this::failed);
        request.earlyHintsHandler(this::hinted);
        request.response().onComplete(this::answered, this::failed);
        switch (call.body()) {
            case Body.Whole whole -> sendWhole(whole.bytes());
            case Body.Streamed streamed -> sendStream(streamed);
            case Body.Pulled pulled -> sendStream(pulled.streamed());
        }
    }

    private void field(String name, String value) {
        if (name.equalsIgnoreCase("host")) {
            // RFC 9113 §8.3.1: the authority stands in its place.
            request.authority(HostAndPort.parseAuthority(value, -1));
            return;
        }
        if (name.equalsIgnoreCase("te")) {
            request.headers().set(name, value);
        } else {
            request.headers().add(name, value);
        }
        if (name.equalsIgnoreCase("content-type") && Grpc.is(value)) {
            // Of one hop, so made anew: gRPC servers insist on it.
            conversation = true;
            request.headers().set("te", "trailers");
        }
    }

    /** The whole request is with the origin: from now on its head has {@code firstByte}. */
    private void requestEnded() {
        requestEnded = true;
        Duration firstByte = call.timeouts().firstByte();
        if (!end.future().isComplete() && !conversation && firstByte.toNanos() < deadlineNanos - System.nanoTime()) {
            headTime.lift();
            late = OriginFailure.FIRST_BYTE_TIMEOUT;
            headTime = FairLimit.in(vertx, firstByte, this::timedOut);
        }
        giveBackIfDone();
    }

    /** gRPC: the head may come long after the request began, and before it ends. Only silence is limited. */
    private void awaitMove(long nanos) {
        headTime = FairLimit.in(vertx, Duration.ofNanos(nanos), () -> {
            long allowed = call.timeouts().idleStream().toNanos();
            long silence = System.nanoTime() - movedNanos;
            if (silence >= allowed) {
                late = OriginFailure.FIRST_BYTE_TIMEOUT;
                timedOut();
            } else {
                awaitMove(allowed - silence);
            }
        });
    }

    private void moved() {
        movedNanos = System.nanoTime();
        if (conversation && answerBody != null) {
            answerBody.moved();
        }
    }

    private void giveBackIfDone() {
        if (requestEnded && answerEnded) {
            giveBack(true);
        }
    }

    private void giveBack(boolean clean) {
        if (!givenBack) {
            givenBack = true;
            connection.giveBack(request, clean);
        }
    }

    /** Ends the request in the middle. */
    private void abandon() {
        request.reset();
        giveBack(false);
    }

    @Override
    public void cancel() {
        headTime.lift();
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
            headTime.lift();
            end.tryComplete(new TryEnd.SenderFailed(ContentTooLarge.meaning(broken)));
            body.cancel().run();
            abandon();
        });
        stream.handler(chunk -> {
            moved();
            written = true;
            request.write(chunk);
            if (request.writeQueueFull()) {
                stream.pause();
            }
        });
        stream.endHandler(ignored -> {
            if (stream instanceof Trailed trailed && trailed.trailers().size() > 0) {
                connection.sendBehind(request, trailed.trailers(), written);
            }
            request.end().onSuccess(sent -> requestEnded());
        });
        stream.resume();
    }

    private void timedOut() {
        if (end.tryComplete(new TryEnd.Failed(TryFailure.TIMEOUT, late, true, bodyTaken, false))) {
            giveUpRequestBody();
            abandon();
        }
    }

    private void failed(Throwable cause) {
        headTime.lift();
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
        return new TryEnd.Failed(TryFailure.RESET, OriginFailure.RESET, !unseen, bodyTaken, kept);
    }

    private void giveUpRequestBody() {
        if (bodyTaken) {
            call.body().discard();
        }
    }

    /** RFC 9110 §15.2: a proxy passes interim responses on. */
    private void hinted(MultiMap received) {
        if (interim++ < MAX_INTERIM && !end.future().isComplete()) {
            call.interim()
                    .interim(
                            HttpResponseStatus.EARLY_HINTS.code(),
                            FieldRules.endToEnd(fields(received)).without("content-length"));
        }
    }

    private void answered(HttpClientResponse response) {
        headTime.lift();
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
        boolean trailersOnly = fields.contains("grpc-status") && Grpc.is(fields.first("content-type"));
        boolean nothing = length == 0 || trailersOnly;
        Http2Answer stream = new Http2Answer(vertx, response, allowedSilence(response), nothing, clean -> {
            answerEnded = true;
            if (!clean) {
                giveBack(false);
            } else if (!requestEnded && bodyTaken) {
                // Answered before all was sent: the rest is of no use to anybody (RFC 9113 §8.1).
                giveUpRequestBody();
                abandon();
            } else {
                giveBackIfDone();
            }
        });
        answerBody = stream;
        Body body = new Body.Streamed(stream, length, stream::giveUp);
        if (trailersOnly) {
            // Nothing follows, and the end must stand with the head, as it came.
            stream.giveUp();
            body = Body.none();
        }
        if (!end.tryComplete(new TryEnd.Answered(status, fields, body))) {
            body.discard();
        }
    }

    /** Streams that are silent for long by their nature have a time of their own. */
    private Duration allowedSilence(HttpClientResponse response) {
        return LongStream.is(response.getHeader("content-type"))
                ? call.timeouts().idleStream()
                : call.timeouts().betweenBytes();
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
