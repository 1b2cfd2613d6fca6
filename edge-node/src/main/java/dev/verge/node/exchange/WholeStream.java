package dev.verge.node.exchange;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bytes that are all there, as a stream: for readers that know only streams. Begins paused. */
final class WholeStream implements ReadStream<Buffer> {
    private final Buffer bytes;
    private final Context context = Objects.requireNonNull(Vertx.currentContext(), "made on an event loop");
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private boolean delivered;

    WholeStream(Buffer bytes) {
        this.bytes = bytes;
    }

    @Override
    public WholeStream exceptionHandler(@Nullable Handler<Throwable> unused) {
        return this;
    }

    @Override
    public WholeStream handler(@Nullable Handler<Buffer> next) {
        handler = next;
        return this;
    }

    @Override
    public WholeStream endHandler(@Nullable Handler<Void> next) {
        endHandler = next;
        return this;
    }

    @Override
    public WholeStream pause() {
        return this;
    }

    @Override
    public WholeStream resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public WholeStream fetch(long amount) {
        if (!delivered) {
            delivered = true;
            context.runOnContext(ignored -> deliver());
        }
        return this;
    }

    private void deliver() {
        Handler<Buffer> onBytes = handler;
        if (onBytes != null && bytes.length() > 0) {
            onBytes.handle(bytes);
        }
        Handler<Void> onEnd = endHandler;
        if (onEnd != null) {
            onEnd.handle(null);
        }
    }
}
