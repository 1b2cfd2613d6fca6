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
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The socket's side of one call: takes the body within its bound, writes the answer, leaves the connection clean.
 *
 * <p>Made on the request's event loop; {@link #body} is for the handler's thread, the rest may be called from any.
 */
final class Exchange {
    /** What a caller may go on sending after its answer, before the connection is closed on it. */
    private static final Duration LINGER = Duration.ofSeconds(2);

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
        String length = request.getHeader("Content-Length");
        if (length != null && (!length.matches("[0-9]{1,18}") || Long.parseLong(length) > limitBytes)) {
            throw Problems.tooLarge(limitBytes);
        }
        Promise<Buffer> whole = Promise.promise();
        context.runOnContext(ignored -> collect(limitBytes, whole));
        try {
            return whole.future()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(limits.bodyTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .getBytes();
        } catch (TimeoutException e) {
            throw Problems.failure(
                    408,
                    "timeout",
                    "The body took too long",
                    "The body was not there within " + limits.bodyTimeout() + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problems.unavailable("The control plane is stopping.", 1);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ApiFailure failure) {
                throw failure;
            }
            throw Problems.malformed("The body broke off.");
        }
    }

    private void collect(long limitBytes, Promise<Buffer> whole) {
        if (request.isEnded()) {
            whole.tryComplete(Buffer.buffer());
            return;
        }
        Buffer collected = Buffer.buffer();
        request.handler(chunk -> {
            if (collected.length() + chunk.length() > limitBytes) {
                request.handler(rest -> {});
                whole.tryFail(Problems.tooLarge(limitBytes));
            } else {
                collected.appendBuffer(chunk);
            }
        });
        request.endHandler(ignored -> whole.tryComplete(collected));
        request.exceptionHandler(whole::tryFail);
        request.resume();
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
        if (file != null) {
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
