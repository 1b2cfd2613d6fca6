package dev.verge.node.server.plain;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.wire.Chunks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;

/**
 * Writes content that comes piece by piece, framed as its head says (RFC 9112 §6). What is written in one turn of the event loop leaves at
 * its end with one call of the system, unless the client has much to take already.
 */
final class ContentWriter {
    private final ChannelHandlerContext context;
    private final boolean chunked;
    private final ChannelFutureListener taken;
    private final Runnable more;
    private long owed;
    private boolean waits;
    private boolean flushing;

    /**
     * A writer of content whose head has been written.
     *
     * @param length in bytes; -1 when only the end tells
     * @param moved told whenever the client has taken a piece
     * @param more has more written; run when the client takes more after it was full
     */
    ContentWriter(ChannelHandlerContext context, long length, Runnable moved, Runnable more) {
        this.context = context;
        this.chunked = length < 0;
        this.owed = length;
        this.taken = done -> moved.run();
        this.more = more;
    }

    boolean isChunked() {
        return chunked;
    }

    /**
     * Writes a piece, which belongs to this from now on.
     *
     * @return false when there is more of it than the head says: then it is not written
     */
    boolean write(ByteBuf piece) {
        int length = piece.readableBytes();
        if (length == 0 || (!chunked && owed < length)) {
            piece.release();
            return length == 0;
        }
        if (chunked) {
            ByteBuf begin = context.alloc().directBuffer(Chunks.BEGIN_BYTES);
            Chunks.begin(begin, length);
            var _ = context.write(begin, context.voidPromise());
        } else {
            owed -= length;
        }
        var _ = context.write(piece, context.newPromise().addListener(taken));
        if (chunked) {
            ByteBuf end = context.alloc().directBuffer(2);
            Chunks.end(end);
            var _ = context.write(end, context.voidPromise());
        }
        flushSoon();
        waits = !context.channel().isWritable();
        return true;
    }

    /** Writes the end of the content; false when there was less of it than the head says. */
    boolean end(HttpFields trailers) {
        if (chunked) {
            ByteBuf last = context.alloc().directBuffer();
            Chunks.last(last, trailers);
            var _ = context.write(last, context.voidPromise());
        }
        flushing = false;
        return chunked || owed == 0;
    }

    /** Whether more should wait. */
    boolean isFull() {
        return waits;
    }

    /** The client may have room again. */
    void drained() {
        if (waits && context.channel().isWritable()) {
            waits = false;
            more.run();
        }
    }

    /** Flushes at the end of this turn, or now, where the client has much to take and shows now how much it does. */
    void flushSoon() {
        if (!context.channel().isWritable()) {
            flush();
        } else if (!flushing) {
            flushing = true;
            context.executor().execute(() -> {
                if (flushing) {
                    flush();
                }
            });
        }
    }

    void flush() {
        flushing = false;
        context.flush();
    }
}
