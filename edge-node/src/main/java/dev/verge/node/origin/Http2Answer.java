package dev.verge.node.origin;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Trailed;
import dev.verge.node.exchange.TrailerFields;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response over HTTP/2, watched: a pause longer than {@code betweenBytes} while the reader wants more is a failure. Waiting
 * for a slow reader is not the origin's fault and is not counted.
 */
final class Http2Answer implements Trailed {
    private final Vertx vertx;
    private final HttpClientResponse response;
    private final long allowedNanos;
    private final Ended onEnd;
    private final boolean empty;
    private long lastMoveNanos = System.nanoTime();
    private long timer = -1;
    private boolean waiting;
    private boolean over;
    private boolean ended;
    private boolean told;
    private @Nullable Handler<Throwable> onFailure;
    private @Nullable Handler<Void> onComplete;

    /** A failure that came before anybody listened. */
    private @Nullable Throwable failure;

    /** Told once how the body ended. */
    interface Ended {
        /**
         * The body is over.
         *
         * @param clean whether it was read to its end
         */
        void ended(boolean clean);
    }

    /**
     * The body of a response, paused.
     *
     * @param allowed longest silence
     * @param empty whether nothing but the end can come
     */
    Http2Answer(Vertx vertx, HttpClientResponse response, Duration allowed, boolean empty, Ended onEnd) {
        this.vertx = vertx;
        this.response = response;
        this.allowedNanos = allowed.toNanos();
        this.onEnd = onEnd;
        this.empty = empty;
        response.exceptionHandler(this::fail);
        response.endHandler(end -> complete());
    }

    /** Something moved in the other direction, which counts where both are one conversation. */
    void moved() {
        lastMoveNanos = System.nanoTime();
    }

    @Override
    public Http2Answer exceptionHandler(@Nullable Handler<Throwable> handler) {
        onFailure = handler;
        Throwable early = failure;
        if (handler != null && early != null) {
            failure = null;
            vertx.runOnContext(ignored -> handler.handle(early));
        }
        return this;
    }

    @Override
    public Http2Answer handler(@Nullable Handler<Buffer> handler) {
        if (handler == null) {
            response.handler(null);
        } else {
            response.handler(chunk -> {
                lastMoveNanos = System.nanoTime();
                if (!over) {
                    handler.handle(chunk);
                }
            });
        }
        return this;
    }

    @Override
    public Http2Answer endHandler(@Nullable Handler<Void> handler) {
        onComplete = handler;
        return this;
    }

    @Override
    public HttpFields trailers() {
        HttpFields.Builder fields = HttpFields.builder();
        if (ended) {
            response.trailers().forEach(fields::add);
        }
        return TrailerFields.passed(fields.build());
    }

    private void complete() {
        if (ended) {
            return;
        }
        ended = true;
        boolean wanted = !over;
        stop();
        tell(true);
        Handler<Void> handler = onComplete;
        if (wanted && handler != null) {
            handler.handle(null);
        }
    }

    private void tell(boolean clean) {
        if (!told) {
            told = true;
            onEnd.ended(clean);
        }
    }

    @Override
    public Http2Answer pause() {
        waiting = false;
        response.pause();
        return this;
    }

    @Override
    public Http2Answer resume() {
        startWaiting();
        response.resume();
        return this;
    }

    @Override
    public Http2Answer fetch(long amount) {
        startWaiting();
        response.fetch(amount);
        return this;
    }

    /** No more watching. */
    void stop() {
        over = true;
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    /** Nobody wants the rest. */
    void giveUp() {
        if (over) {
            return;
        }
        stop();
        dropWhatWaits();
        // What has no content is over in a moment, and its connection as good as new.
        if (!ended && !empty) {
            tell(false);
            response.request().reset();
        }
    }

    /** A paused connection of the library keeps what it has read beyond its own end: let it go, or its buffers leak. */
    private void dropWhatWaits() {
        response.resume();
    }

    private void startWaiting() {
        if (!waiting && !over) {
            waiting = true;
            lastMoveNanos = System.nanoTime();
            if (timer < 0) {
                arm(allowedNanos);
            }
        }
    }

    /** One timer for the whole body, moved on when it fires early, instead of one for each chunk. */
    private void arm(long nanos) {
        timer = vertx.setTimer(Math.max(1, Math.ceilDiv(nanos, 1_000_000)), ignored -> {
            timer = -1;
            long idle = System.nanoTime() - lastMoveNanos;
            if (over) {
                return;
            }
            if (!waiting) {
                lastMoveNanos = System.nanoTime();
                arm(allowedNanos);
            } else if (idle >= allowedNanos) {
                fail(new Stalled());
                response.request().reset();
            } else {
                arm(allowedNanos - idle);
            }
        });
    }

    private void fail(Throwable cause) {
        tell(false);
        if (!over) {
            stop();
            Handler<Throwable> handler = onFailure;
            if (handler != null) {
                handler.handle(cause);
            } else {
                failure = cause;
            }
            dropWhatWaits();
        }
    }
}
