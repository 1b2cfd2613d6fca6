package dev.verge.cache.store;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

/**
 * Reads a body, or a part of it, piece by piece. One caller at a time; the next call after the previous future completed. The
 * caller closes it on every path.
 */
public interface BodyReader extends AutoCloseable {
    /**
     * The next piece, owned by the receiver, who releases it. An empty buffer is the end. Fails with {@link
     * BrokenBodyException} when the rest cannot be read: an answer already begun must then be cut off visibly.
     */
    CompletableFuture<ByteBuf> next();

    /** Gives up the rest. Idempotent. */
    @Override
    void close();
}
