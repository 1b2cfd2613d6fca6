package dev.verge.node.origin;

import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.TunnelIdle;
import dev.verge.node.tunnel.TunnelEnd;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel to an origin that has left HTTP: reads as what the origin sends, and carries what the client sends to it. Each direction
 * waits for who does not take it, and ends by itself; a side that breaks ends both. Used on one event loop.
 */
final class OriginTunnel implements ReadStream<Buffer> {
    private final Vertx vertx;
    private final TunnelEnd origin;
    private final Body.Streamed client;
    private final long idleNanos;
    private final Promise<Void> over = Promise.promise();
    private long movedNanos = System.nanoTime();
    private long timer = -1;
    private boolean clientEnded;
    private boolean originEnded;
    private boolean ended;
    private @Nullable Throwable failure;
    private @Nullable Handler<Buffer> onBytes;
    private @Nullable Handler<Void> onEnd;
    private @Nullable Handler<Throwable> onFailure;

    /**
     * A tunnel, in which nothing moves before {@link #start}.
     *
     * @param client what the client sends
     * @param idle how long nothing may move, in either direction
     */
    OriginTunnel(Vertx vertx, TunnelEnd origin, Body.Streamed client, Duration idle) {
        this.vertx = vertx;
        this.origin = origin;
        this.client = client;
        this.idleNanos = idle.toNanos();
    }

    /** Completes when nothing more can move. */
    Future<Void> over() {
        return over.future();
    }

    void start() {
        arm(idleNanos);
        origin.exceptionHandler(this::fail);
        origin.handler(bytes -> {
            movedNanos = System.nanoTime();
            Handler<Buffer> handler = onBytes;
            if (handler != null) {
                handler.handle(bytes);
            }
        });
        origin.endHandler(end -> {
            originEnded = true;
            Handler<Void> handler = onEnd;
            if (handler != null) {
                handler.handle(null);
            }
            endIfDone();
        });
        origin.onDrain(client.stream()::resume);
        client.stream().exceptionHandler(this::fail);
        client.stream().handler(bytes -> {
            movedNanos = System.nanoTime();
            origin.write(bytes);
            if (origin.isFull()) {
                client.stream().pause();
            }
        });
        client.stream().endHandler(end -> {
            clientEnded = true;
            origin.end();
            endIfDone();
        });
        client.stream().resume();
    }

    private void endIfDone() {
        if (clientEnded && originEnded) {
            finish();
        }
    }

    private boolean finish() {
        if (ended) {
            return false;
        }
        ended = true;
        vertx.cancelTimer(timer);
        over.complete();
        return true;
    }

    /** Nobody wants the tunnel any more. */
    void cancel() {
        if (finish()) {
            origin.close();
            client.cancel().run();
        }
    }

    private void fail(Throwable cause) {
        if (finish()) {
            origin.close();
            Handler<Throwable> handler = onFailure;
            if (handler != null) {
                handler.handle(cause);
            } else {
                failure = cause;
            }
            client.cancel().run();
        }
    }

    /** One timer that is moved on when it fires early, instead of one for each piece. */
    private void arm(long nanos) {
        timer = vertx.setTimer(Math.max(1, Math.ceilDiv(nanos, 1_000_000)), ignored -> {
            long quiet = System.nanoTime() - movedNanos;
            if (quiet >= idleNanos) {
                fail(new TunnelIdle());
            } else {
                arm(idleNanos - quiet);
            }
        });
    }

    @Override
    public OriginTunnel exceptionHandler(@Nullable Handler<Throwable> handler) {
        onFailure = handler;
        Throwable early = failure;
        if (handler != null && early != null) {
            failure = null;
            handler.handle(early);
        }
        return this;
    }

    @Override
    public OriginTunnel handler(@Nullable Handler<Buffer> handler) {
        onBytes = handler;
        return this;
    }

    @Override
    public OriginTunnel endHandler(@Nullable Handler<Void> handler) {
        onEnd = handler;
        return this;
    }

    @Override
    public OriginTunnel pause() {
        origin.pause();
        return this;
    }

    @Override
    public OriginTunnel resume() {
        origin.resume();
        return this;
    }

    @Override
    public OriginTunnel fetch(long amount) {
        origin.fetch(amount);
        return this;
    }
}
