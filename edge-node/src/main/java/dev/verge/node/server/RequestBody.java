package dev.verge.node.server;

import dev.verge.node.exchange.ContentRefused;
import dev.verge.node.exchange.ContentTooLarge;
import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.server.http1.Violation;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** A request's content, bounded. */
final class RequestBody implements ReadStream<Buffer> {
    private final HttpServerRequest request;
    private final long maxBytes;
    private final @Nullable Http1Guard guard;
    private boolean clientWaits;
    private long bytes;
    private boolean over;
    private @Nullable Handler<Throwable> onFailure;
    private @Nullable Throwable failure;

    /** @param guard of an HTTP/1 connection; null for HTTP/2 */
    RequestBody(HttpServerRequest request, long maxBytes, @Nullable Http1Guard guard) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.guard = guard;
        String expectation = request.getHeader("expect");
        this.clientWaits = "100-continue".equalsIgnoreCase(expectation) && request.version() != HttpVersion.HTTP_1_0;
        request.exceptionHandler(this::fail);
    }

    /** Lets the rest arrive and drops it; the connection is closed after the response when there is more. */
    void giveUp() {
        if (!over) {
            over = true;
            request.handler(ignored -> {});
            request.endHandler(null);
            request.resume();
        }
    }

    @Override
    public RequestBody exceptionHandler(@Nullable Handler<Throwable> handler) {
        onFailure = handler;
        Throwable early = failure;
        if (handler != null && early != null) {
            failure = null;
            handler.handle(early);
        }
        return this;
    }

    @Override
    public RequestBody handler(@Nullable Handler<Buffer> handler) {
        if (handler == null) {
            request.handler(null);
        } else {
            request.handler(chunk -> {
                bytes += chunk.length();
                clientWaits = false;
                if (over) {
                    return;
                }
                Violation violation = guard == null || chunk.length() > 0 ? null : guard.refused();
                if (violation != null) {
                    fail(new ContentRefused(violation.error()));
                    return;
                }
                if (bytes > maxBytes) {
                    fail(new ContentTooLarge());
                    giveUp();
                } else {
                    handler.handle(chunk);
                }
            });
        }
        return this;
    }

    @Override
    public RequestBody endHandler(@Nullable Handler<Void> handler) {
        request.endHandler(ended -> {
            if (!over) {
                over = true;
                if (handler != null) {
                    handler.handle(null);
                }
            }
        });
        return this;
    }

    @Override
    public RequestBody pause() {
        if (!over) {
            request.pause();
        }
        return this;
    }

    @Override
    public RequestBody resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public RequestBody fetch(long amount) {
        if (clientWaits && !over && !request.response().headWritten()) {
            // RFC 9110 §10.1.1: only now is it known that somebody wants the content.
            clientWaits = false;
            var _ = request.response().writeContinue();
        }
        request.fetch(amount);
        return this;
    }

    private void fail(Throwable cause) {
        if (!over) {
            over = true;
            // What a paused connection has read must be taken from it, or its buffers leak.
            request.handler(dropped -> {});
            request.resume();
            Handler<Throwable> handler = onFailure;
            if (handler != null) {
                handler.handle(cause);
            } else {
                failure = cause;
            }
        }
    }
}
