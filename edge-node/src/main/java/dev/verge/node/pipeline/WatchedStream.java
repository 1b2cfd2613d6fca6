package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Pieces;
import dev.verge.node.exchange.Trailed;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A stream whose end is told to somebody besides its reader. */
final class WatchedStream implements Trailed, Pieces {
    private final ReadStream<Buffer> stream;
    private final Watcher watcher;
    private @Nullable Handler<Throwable> exceptionHandler;

    /** A failure that came before anybody listened. */
    private @Nullable Throwable early;

    /** Told once: before the reader is. */
    interface Watcher {
        /**
         * The stream is over.
         *
         * @param failure null when it was read to its end
         */
        void ended(@Nullable Throwable failure);
    }

    WatchedStream(ReadStream<Buffer> stream, Watcher watcher) {
        this.stream = stream;
        this.watcher = watcher;
        stream.exceptionHandler(failure -> {
            watcher.ended(failure);
            Handler<Throwable> handler = exceptionHandler;
            if (handler != null) {
                handler.handle(failure);
            } else {
                early = failure;
            }
        });
    }

    @Override
    public WatchedStream exceptionHandler(@Nullable Handler<Throwable> handler) {
        exceptionHandler = handler;
        Throwable failure = early;
        if (handler != null && failure != null) {
            early = null;
            handler.handle(failure);
        }
        return this;
    }

    @Override
    public WatchedStream handler(@Nullable Handler<Buffer> handler) {
        stream.handler(handler);
        return this;
    }

    @Override
    public boolean pieces(Consumer<ByteBuf> taker) {
        return stream instanceof Pieces pieces && pieces.pieces(taker);
    }

    @Override
    public WatchedStream endHandler(@Nullable Handler<Void> handler) {
        stream.endHandler(ended -> {
            watcher.ended(null);
            if (handler != null) {
                handler.handle(null);
            }
        });
        return this;
    }

    @Override
    public HttpFields trailers() {
        return stream instanceof Trailed trailed
                ? trailed.trailers()
                : HttpFields.builder().build();
    }

    @Override
    public WatchedStream pause() {
        stream.pause();
        return this;
    }

    @Override
    public WatchedStream resume() {
        stream.resume();
        return this;
    }

    @Override
    public WatchedStream fetch(long amount) {
        stream.fetch(amount);
        return this;
    }
}
