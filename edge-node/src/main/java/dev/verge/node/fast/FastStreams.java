package dev.verge.node.fast;

import dev.verge.node.fast.FastPath.Ready;
import dev.verge.node.server.http2.StreamsAhead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Writes what is ready on the streams of one HTTP/2 connection. Small answers only: they are given to the connection at once and as a
 * whole, so that no stream is ever open that the server library does not know.
 */
final class FastStreams implements StreamsAhead {
    private final FastPath path;
    private final FastConnection connection;
    private final long requests;

    /** @param requests that the connection may have; the last ones are left to who ends it */
    FastStreams(FastPath path, FastConnection connection, long requests) {
        this.path = path;
        this.connection = connection;
        this.requests = requests;
    }

    @Override
    public boolean answers(
            ChannelHandlerContext ctx, Http2ConnectionEncoder encoder, int stream, Http2Headers request) {
        if (stream / 2 + 1 >= requests) {
            return false;
        }
        PlainWish wish = path.wish(request, connection);
        Ready ready = wish == null ? null : path.small(wish, connection, ctx.alloc());
        if (ready == null) {
            return false;
        }
        Prepared prepared = ready.prepared();
        ByteBuf content = ready.bytes().skipBytes(prepared.headBytes());
        ChannelPromise sent = ctx.newPromise();
        path.active().incrementAndGet();
        var _ = sent.addListener(done -> {
            path.active().decrementAndGet();
            ready.record(done.isSuccess());
        });
        boolean empty = !content.isReadable();
        var _ = encoder.writeHeaders(ctx, stream, prepared.streamHead(), 0, empty, empty ? sent : ctx.newPromise());
        if (empty) {
            content.release();
        } else {
            var _ = encoder.writeData(ctx, stream, content, 0, true, sent);
        }
        return true;
    }
}
