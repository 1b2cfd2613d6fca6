package dev.verge.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A body that makes its chunks when they are asked for, and counts them. */
final class Source implements ReadStream<Buffer> {
    private final Supplier<@Nullable Buffer> chunks;
    long givenBytes;
    private boolean flowing;
    private boolean running;
    private boolean ended;
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;

    Source(Supplier<@Nullable Buffer> chunks) {
        this.chunks = chunks;
    }

    static Source of(Buffer whole) {
        boolean[] given = {false};
        return new Source(() -> {
            boolean first = !given[0];
            given[0] = true;
            return first ? whole : null;
        });
    }

    static Future<Buffer> read(@Nullable ReadStream<Buffer> body) {
        if (body == null) {
            return Future.succeededFuture(Buffer.buffer());
        }
        Promise<Buffer> whole = Promise.promise();
        Buffer all = Buffer.buffer();
        body.handler(all::appendBuffer);
        body.exceptionHandler(whole::tryFail);
        body.endHandler(nothing -> whole.tryComplete(all));
        body.resume();
        return whole.future();
    }

    private void run() {
        if (running) {
            return;
        }
        running = true;
        while (flowing && !ended && handler != null) {
            Buffer next = chunks.get();
            if (next == null) {
                ended = true;
                if (endHandler != null) {
                    endHandler.handle(null);
                }
            } else {
                givenBytes += next.length();
                handler.handle(next);
            }
        }
        running = false;
    }

    @Override
    public Source exceptionHandler(@Nullable Handler<Throwable> value) {
        return this;
    }

    @Override
    public Source handler(@Nullable Handler<Buffer> value) {
        handler = value;
        return this;
    }

    @Override
    public Source pause() {
        flowing = false;
        return this;
    }

    @Override
    public Source resume() {
        flowing = true;
        run();
        return this;
    }

    @Override
    public Source fetch(long amount) {
        return resume();
    }

    @Override
    public Source endHandler(@Nullable Handler<Void> value) {
        endHandler = value;
        return this;
    }
}
