package dev.verge.node.usage;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A stream that counts the bytes which go through it into a number of somebody else's. */
public final class CountedStream implements ReadStream<Buffer> {
    private final ReadStream<Buffer> stream;
    private final AtomicLong bytes;

    /** Counts what is read from {@code stream}. */
    public CountedStream(ReadStream<Buffer> stream, AtomicLong bytes) {
        this.stream = stream;
        this.bytes = bytes;
    }

    @Override
    public CountedStream exceptionHandler(@Nullable Handler<Throwable> handler) {
        stream.exceptionHandler(handler);
        return this;
    }

    @Override
    public CountedStream handler(@Nullable Handler<Buffer> handler) {
        stream.handler(
                handler == null
                        ? null
                        : data -> {
                            bytes.addAndGet(data.length());
                            handler.handle(data);
                        });
        return this;
    }

    @Override
    public CountedStream endHandler(@Nullable Handler<Void> handler) {
        stream.endHandler(handler);
        return this;
    }

    @Override
    public CountedStream pause() {
        stream.pause();
        return this;
    }

    @Override
    public CountedStream resume() {
        stream.resume();
        return this;
    }

    @Override
    public CountedStream fetch(long amount) {
        stream.fetch(amount);
        return this;
    }
}
