package dev.verge.node.pipeline;

import dev.verge.cache.store.Fill;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.concurrent.CompletableFuture;

/**
 * Moves an answer into the cache as it arrives, at the pace of the cache. Readers follow at their own pace, so a slow client neither
 * holds the object in memory nor stalls the others. A fill goes on when its client leaves: others may be reading, and the next
 * request finds it.
 */
final class FillDriver {
    private final Loop loop;
    private final Body body;
    private final Fill fill;
    private final Runnable written;
    private boolean over;

    FillDriver(Loop loop, Body body, Fill fill) {
        this(loop, body, fill, fill::complete);
    }

    /** @param written what to do when all of the answer is in the fill, which may not be all of the response */
    FillDriver(Loop loop, Body body, Fill fill, Runnable written) {
        this.loop = loop;
        this.body = body;
        this.fill = fill;
        this.written = written;
    }

    void start() {
        if (body.length() == 0) {
            body.discard();
            written.run();
        } else if (body instanceof Body.Whole whole) {
            fillWith(whole.bytes());
        } else {
            drive(body.streamed());
        }
    }

    private void fillWith(Buffer bytes) {
        CompletableFuture<Void> taken = fill.write(direct(bytes));
        if (taken.isDone()) {
            written.run();
        } else {
            loop.bring(taken).onComplete(done -> written.run());
        }
    }

    private void drive(Body.Streamed streamed) {
        ReadStream<Buffer> stream = streamed.stream();
        stream.exceptionHandler(broken -> {
            if (!over) {
                over = true;
                streamed.cancel().run();
                fill.abort();
            }
        });
        boolean given = stream instanceof Pieces pieces
                && pieces.pieces(piece -> {
                    if (!over) {
                        fillWith(stream, direct(piece));
                    }
                    piece.release();
                });
        if (!given) {
            stream.handler(chunk -> {
                if (!over) {
                    fillWith(stream, direct(chunk));
                }
            });
        }
        stream.endHandler(ended -> {
            if (!over) {
                over = true;
                written.run();
            }
        });
        stream.resume();
    }

    private void fillWith(ReadStream<Buffer> stream, ByteBuf bytes) {
        CompletableFuture<Void> taken = fill.write(bytes);
        if (!taken.isDone()) {
            stream.pause();
            loop.bring(taken).onComplete(done -> stream.resume());
        }
    }

    /** A copy of just these bytes: what was read may be a small part of a large buffer, and is kept for long. */
    private static ByteBuf direct(ByteBuf piece) {
        return PooledByteBufAllocator.DEFAULT
                .directBuffer(piece.readableBytes())
                .writeBytes(piece);
    }

    private static ByteBuf direct(Buffer chunk) {
        ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(chunk.length());
        return copy.writeBytes(chunk.getBytes());
    }
}
