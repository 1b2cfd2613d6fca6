package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Trailed;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A body whose beginning was taken in before anybody wanted it, and is given to its reader first. One event loop. */
final class HeldBody implements Trailed {
    private static final HttpFields NO_TRAILERS = HttpFields.builder().build();

    private final Vertx vertx;
    private final ReadStream<Buffer> rest;
    private final Buffer held = Buffer.buffer();
    private Stage stage = Stage.HOLDING;
    /** Of a body that has ended. */
    private @Nullable HttpFields trailers;

    private boolean scheduled;
    private long demand;
    private @Nullable Throwable failure;
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;

    private enum Stage {
        HOLDING,
        HELD,
        REPLAYING,
        PASSING
    }

    private HeldBody(Vertx vertx, ReadStream<Buffer> rest) {
        this.vertx = vertx;
        this.rest = rest;
    }

    /**
     * Waits until so much of a body has arrived, it has ended, or the time is over.
     *
     * @param bytes at least so many; one read more may be held
     * @return fails when the body breaks off before
     */
    static Future<Body> hold(Vertx vertx, Body.Streamed body, int bytes, Duration most) {
        HeldBody stream = new HeldBody(vertx, body.stream());
        Promise<Body> ready = Promise.promise();
        Body.Streamed result = new Body.Streamed(stream, body.length(), body.cancel());
        long timer = vertx.setTimer(Math.max(1, most.toMillis()), over -> stream.stop(ready, result));
        body.stream()
                .exceptionHandler(broken -> {
                    vertx.cancelTimer(timer);
                    if (stream.stage == Stage.HOLDING) {
                        body.cancel().run();
                        ready.tryFail(broken);
                    } else {
                        stream.failed(broken);
                    }
                })
                .handler(chunk -> {
                    if (stream.stage == Stage.PASSING) {
                        stream.pass(chunk);
                        return;
                    }
                    stream.held.appendBuffer(chunk);
                    if (stream.held.length() >= bytes) {
                        vertx.cancelTimer(timer);
                        stream.stop(ready, result);
                    }
                })
                .endHandler(end -> {
                    vertx.cancelTimer(timer);
                    stream.trailers = stream.rest instanceof Trailed trailed ? trailed.trailers() : NO_TRAILERS;
                    stream.stop(ready, result);
                    if (stream.stage == Stage.PASSING) {
                        stream.end();
                    }
                })
                .resume();
        return ready.future();
    }

    private void stop(Promise<Body> ready, Body.Streamed result) {
        if (stage == Stage.HOLDING) {
            stage = Stage.HELD;
            rest.pause();
            ready.tryComplete(trailers != null && trailers.isEmpty() ? new Body.Whole(held) : result);
        }
    }

    private void replay() {
        scheduled = false;
        if (stage != Stage.HELD || demand == 0) {
            return;
        }
        stage = Stage.REPLAYING;
        demand = demand == Long.MAX_VALUE ? demand : demand - 1;
        if (held.length() > 0) {
            pass(held);
        }
        stage = Stage.PASSING;
        if (trailers != null) {
            end();
        } else if (demand > 0) {
            rest.fetch(demand);
        }
    }

    private void pass(Buffer chunk) {
        Handler<Buffer> reader = handler;
        if (reader != null) {
            reader.handle(chunk);
        }
    }

    private void end() {
        Handler<Void> reader = endHandler;
        if (reader != null) {
            reader.handle(null);
        }
    }

    private void failed(Throwable broken) {
        stage = Stage.PASSING; // what is still held is not given out behind the failure
        Handler<Throwable> reader = exceptionHandler;
        if (reader != null) {
            reader.handle(broken);
        } else {
            failure = broken;
        }
    }

    @Override
    public HttpFields trailers() {
        return trailers == null ? NO_TRAILERS : trailers;
    }

    @Override
    public HeldBody exceptionHandler(@Nullable Handler<Throwable> next) {
        exceptionHandler = next;
        Throwable early = failure;
        if (next != null && early != null) {
            failure = null;
            next.handle(early);
        }
        return this;
    }

    @Override
    public HeldBody handler(@Nullable Handler<Buffer> next) {
        handler = next;
        return this;
    }

    @Override
    public HeldBody endHandler(@Nullable Handler<Void> next) {
        endHandler = next;
        return this;
    }

    @Override
    public HeldBody pause() {
        demand = 0;
        if (stage == Stage.PASSING) {
            rest.pause();
        }
        return this;
    }

    @Override
    public HeldBody resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public HeldBody fetch(long amount) {
        if (stage == Stage.PASSING) {
            rest.fetch(amount);
            return this;
        }
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        if (stage == Stage.HELD && !scheduled) {
            scheduled = true;
            vertx.runOnContext(now -> replay());
        }
        return this;
    }
}
