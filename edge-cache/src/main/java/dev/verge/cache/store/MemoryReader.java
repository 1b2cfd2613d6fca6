package dev.verge.cache.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;

/** Reads a body in memory; every piece is there at once. Owns one reference to the body. */
final class MemoryReader implements BodyReader {
    private final Body body;
    private long at;
    private final long end;
    private boolean closed;

    /** Takes over a reference to the body. */
    MemoryReader(Body body, long offset, long length) {
        this.body = body;
        this.at = offset;
        this.end = offset + length;
    }

    @Override
    public CompletableFuture<ByteBuf> next() {
        if (closed) {
            return CompletableFuture.failedFuture(new BrokenBodyException("the reader is closed"));
        }
        if (at == end) {
            return CompletableFuture.completedFuture(Unpooled.EMPTY_BUFFER);
        }
        ByteBuf piece = body.slice(at, end - at);
        at += piece.readableBytes();
        return CompletableFuture.completedFuture(piece);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            body.release();
        }
    }
}
