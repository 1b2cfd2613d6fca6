package dev.verge.node.usage;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A stream that tells how many bytes go through it. */
public final class CountedStream implements ReadStream<Buffer> {
    private final ReadStream<Buffer> stream;
    private final LongConsumer bytes;

    /** Tells {@code bytes} the length of each piece that is read from {@code stream}. */
    public CountedStream(ReadStream<Buffer> stream, LongConsumer bytes) {
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
                            bytes.accept(data.length());
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
