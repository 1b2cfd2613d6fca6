package dev.verge.node.exchange;

import dev.verge.cache.store.BodyReader;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stored body as a stream, for readers that know only streams. Begins paused; pieces are copied out of the cache's memory. */
final class PulledStream implements ReadStream<Buffer> {
    private final BodyReader reader;
    private final Context context = Objects.requireNonNull(Vertx.currentContext(), "made on an event loop");
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private long demand;
    private boolean pulling;
    private boolean over;

    PulledStream(BodyReader reader) {
        this.reader = reader;
    }

    @Override
    public PulledStream exceptionHandler(@Nullable Handler<Throwable> next) {
        exceptionHandler = next;
        return this;
    }

    @Override
    public PulledStream handler(@Nullable Handler<Buffer> next) {
        handler = next;
        return this;
    }

    @Override
    public PulledStream endHandler(@Nullable Handler<Void> next) {
        endHandler = next;
        return this;
    }

    @Override
    public PulledStream pause() {
        demand = 0;
        return this;
    }

    @Override
    public PulledStream resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public PulledStream fetch(long amount) {
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        pull();
        return this;
    }

    /** Nothing more is wanted. */
    void stop() {
        over = true;
        reader.close();
    }

    private void pull() {
        if (!pulling && !over && demand > 0) {
            pulling = true;
            var _ = reader.next()
                    .whenComplete((piece, failure) -> context.runOnContext(ignored -> arrived(piece, failure)));
        }
    }

    private void arrived(@Nullable ByteBuf piece, @Nullable Throwable failure) {
        pulling = false;
        if (failure != null || piece == null) {
            end(() -> {
                Handler<Throwable> onFailure = exceptionHandler;
                if (onFailure != null && failure != null) {
                    onFailure.handle(failure);
                }
            });
        } else if (over) {
            piece.release();
        } else if (!piece.isReadable()) {
            piece.release();
            end(() -> {
                Handler<Void> onEnd = endHandler;
                if (onEnd != null) {
                    onEnd.handle(null);
                }
            });
        } else {
            byte[] bytes = new byte[piece.readableBytes()];
            piece.readBytes(bytes);
            piece.release();
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            Handler<Buffer> onBytes = handler;
            if (onBytes != null) {
                onBytes.handle(Buffer.buffer(bytes));
            }
            pull();
        }
    }

    private void end(Runnable announce) {
        if (!over) {
            over = true;
            reader.close();
            announce.run();
        }
    }
}
