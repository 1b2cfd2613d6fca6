package dev.verge.sync.client;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/** A file that takes only so many bytes: what another end sends has a bound on this disk. */
final class BoundedFile implements WriteStream<Buffer> {

    private final AsyncFile file;
    private final long maxBytes;
    private long written;

    BoundedFile(AsyncFile file, long maxBytes) {
        this.file = file;
        this.maxBytes = maxBytes;
    }

    @Override
    public Future<Void> write(Buffer data) {
        written += data.length();
        return written > maxBytes
                ? Future.failedFuture("a blob of more than " + maxBytes + " bytes")
                : file.write(data);
    }

    @Override
    public Future<Void> end() {
        return written > maxBytes
                ? file.close().transform(closed -> Future.failedFuture("a blob of more than " + maxBytes + " bytes"))
                : file.end();
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
        file.setWriteQueueMaxSize(maxSize);
        return this;
    }

    @Override
    public boolean writeQueueFull() {
        return file.writeQueueFull();
    }

    @Override
    public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
        file.drainHandler(handler);
        return this;
    }

    @Override
    public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        file.exceptionHandler(handler);
        return this;
    }
}
