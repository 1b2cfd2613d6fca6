package dev.verge.node.server;

import dev.verge.node.exchange.ContentTooLarge;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** A request's content, bounded. */
final class RequestBody implements ReadStream<Buffer> {
    private final HttpServerRequest request;
    private final long maxBytes;
    private long bytes;
    private boolean over;
    private @Nullable Handler<Throwable> onFailure;
    private @Nullable Throwable failure;

    RequestBody(HttpServerRequest request, long maxBytes) {
        this.request = request;
        this.maxBytes = maxBytes;
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
                if (over) {
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
        request.resume();
        return this;
    }

    @Override
    public RequestBody fetch(long amount) {
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
