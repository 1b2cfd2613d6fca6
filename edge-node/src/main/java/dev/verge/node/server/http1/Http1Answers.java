package dev.verge.node.server.http1;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Part of {@link Http1Guard} behind the codec: lets nothing of a refused message pass, and sees responses end. What is flushed piece by piece
 * in one turn of the event loop leaves at its end with one call of the system; each costs more than all that the node does with a small
 * answer.
 */
final class Http1Answers extends ChannelDuplexHandler {
    private final Http1Guard guard;
    private @Nullable Object refusal;
    private boolean flushing;

    Http1Answers(Http1Guard guard) {
        this.guard = guard;
    }

    /** The one message that still passes after a refusal. */
    void letPass(Object message) {
        refusal = message;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // that very message
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (guard.refused() != null && message != refusal) {
            ReferenceCountUtil.release(message); // what the codec makes of half a message
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean interim = message instanceof HttpResponse head && head.status().code() < 200;
        if (message instanceof HttpResponse head
                && head.headers().contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
            guard.turns().last();
        }
        if (message instanceof LastHttpContent && !interim) {
            guard.answered();
        }
        var _ = ctx.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (!ctx.channel().isWritable()) {
            ctx.flush(); // the client has much to take, and shows now how much it does
        } else if (!flushing) {
            flushing = true;
            ctx.executor().execute(() -> flushNow(ctx));
        }
    }

    private void flushNow(ChannelHandlerContext ctx) {
        if (flushing) {
            flushing = false;
            ctx.flush();
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        flushNow(ctx);
        var _ = ctx.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        flushNow(ctx);
    }
}
