package dev.verge.control.api;

import dev.verge.control.access.Secrets;
import dev.verge.control.resource.ProblemDetails;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The socket's side of one call: takes the body within its bound, writes the answer, leaves the connection clean.
 *
 * <p>Made on the request's event loop; {@link #body} and {@link #pour} are for the handler's thread, the rest may be called from any.
 */
final class Exchange {
    /** What a caller may go on sending after its answer, before the connection is closed on it. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final long SECOND = 1_000_000_000;

    /** Who sends a long body must be as fast as that, after a first patience. */
    private static final long SLOWEST_BYTES_A_SECOND = 256 << 10;

    /** Pieces of a body, each as much as a read from the socket gave, that may wait for their taker. */
    private static final int PIECES_AHEAD = 4;

    private final Vertx vertx;
    private final Context context;
    private final HttpServerRequest request;
    private final String requestId = Secrets.id();
    private final long startedNanos = System.nanoTime();

    Exchange(Vertx vertx, Context context, HttpServerRequest request) {
        this.vertx = vertx;
        this.context = context;
        this.request = request;
    }

    HttpServerRequest request() {
        return request;
    }

    String requestId() {
        return requestId;
    }

    long elapsedNanos() {
        return System.nanoTime() - startedNanos;
    }

    /** The whole body; blocks. The request was paused since it came, so nothing has been read before this. */
    byte[] body(long limitBytes, ApiLimits limits) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        pour(limitBytes, limits, whole::writeBytes);
        return whole.toByteArray();
    }

    /** Hands the body on as it comes; blocks, and lets the caller send no more than is taken. */
    void pour(long limitBytes, ApiLimits limits, Consumer<byte[]> to) {
        String length = request.getHeader("Content-Length");
        if (length != null && (!length.matches("[0-9]{1,18}") || Long.parseLong(length) > limitBytes)) {
            throw Problems.tooLarge(limitBytes);
        }
        BlockingQueue<Came> arriving = new LinkedBlockingQueue<>();
        context.runOnContext(ignored -> listen(arriving));
        long begun = System.nanoTime();
        long came = 0;
        while (true) {
            long patience = limits.bodyTimeout().toNanos() + came * SECOND / SLOWEST_BYTES_A_SECOND;
            switch (next(arriving, begun + patience - System.nanoTime(), limits)) {
                case Came.Piece(Buffer piece) -> {
                    came += piece.length();
                    if (came > limitBytes) {
                        throw Problems.tooLarge(limitBytes);
                    }
                    to.accept(piece.getBytes());
                    context.runOnContext(ignored -> request.fetch(1));
                }
                case Came.End end -> {
                    return;
                }
                case Came.Break broken -> throw Problems.malformed("The body broke off.");
            }
        }
    }

    /** What the connection brought. */
    private sealed interface Came {
        record Piece(Buffer bytes) implements Came {}

        record End() implements Came {}

        record Break() implements Came {}
    }

    private void listen(Queue<Came> arriving) {
        if (request.isEnded()) {
            arriving.add(new Came.End());
            return;
        }
        request.handler(piece -> arriving.add(new Came.Piece(piece)));
        request.endHandler(ignored -> arriving.add(new Came.End()));
        request.exceptionHandler(ignored -> arriving.add(new Came.Break()));
        request.fetch(PIECES_AHEAD);
    }

    private static Came next(BlockingQueue<Came> arriving, long nanos, ApiLimits limits) {
        try {
            Came next = arriving.poll(nanos, TimeUnit.NANOSECONDS);
            if (next != null) {
                return next;
            }
            throw Problems.failure(
                    408,
                    "timeout",
                    "The body took too long",
                    "The body was not there within " + limits.bodyTimeout() + " and a second more for each "
                            + SLOWEST_BYTES_A_SECOND + " bytes that came.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problems.unavailable("The control plane is stopping.", 1);
        }
    }

    /** Writes a problem, or what stands for one. */
    Future<Void> answer(ApiFailure failure) {
        ProblemDetails problem = failure.problem();
        Reply reply = Reply.json(
                problem.status(),
                new ProblemDetails(
                        problem.type(),
                        problem.title(),
                        problem.status(),
                        problem.detail(),
                        requestId,
                        problem.errors()));
        Map<String, String> fields = new LinkedHashMap<>(failure.headers());
        fields.put("Content-Type", "application/problem+json");
        return answer(new Reply(reply.status(), fields, reply.body(), false));
    }

    /** Writes an answer. */
    Future<Void> answer(Reply reply) {
        Promise<Void> written = Promise.promise();
        context.runOnContext(ignored -> write(reply, written));
        return written.future();
    }

    private void write(Reply reply, Promise<Void> written) {
        HttpServerResponse response = request.response();
        Path file = reply.file();
        if (file != null && reply.temporary()) {
            written.future().onComplete(ignored -> vertx.fileSystem().delete(file.toString()));
        }
        if (response.ended() || response.closed()) {
            written.complete();
            return;
        }
        response.setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        response.putHeader("X-Request-Id", requestId);
        response.putHeader("Cache-Control", "no-store");
        response.putHeader("X-Content-Type-Options", "nosniff");
        EventStream events = reply.events();
        if (events != null && !request.method().equals(HttpMethod.HEAD)) {
            response.setChunked(true);
            new EventWriter(vertx, context, response).begin(events);
            written.complete();
            return;
        }
        if (file != null) {
            // A HEAD gets the head of what a GET would.
            (request.method().equals(HttpMethod.HEAD) ? response.end() : response.sendFile(file.toString()))
                    .onFailure(ignored -> request.connection().close())
                    .onComplete(written);
            return;
        }
        boolean bodiless = reply.status() == 204 || reply.status() == 304;
        if (!bodiless) {
            response.putHeader("Content-Length", Integer.toString(reply.body().length()));
        }
        Future<Void> sent =
                bodiless || request.method().equals(HttpMethod.HEAD) ? response.end() : response.end(reply.body());
        sent.onComplete(written);
        discardRest();
    }

    /** A body that nobody wanted is read and dropped for a moment, so that the caller sees its answer and not a reset. */
    private void discardRest() {
        if (request.isEnded()) {
            return;
        }
        long timer = vertx.setTimer(
                LINGER.toMillis(), ignored -> request.connection().close());
        request.handler(rest -> {});
        request.exceptionHandler(ignored -> vertx.cancelTimer(timer));
        request.endHandler(ignored -> vertx.cancelTimer(timer));
        request.resume();
    }
}
