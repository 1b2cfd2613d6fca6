package dev.verge.node.server.http1;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Part of {@link Http1Guard} right behind the codec: takes wishes for another protocol off requests, and puts refusals in the place of
 * messages.
 */
final class Http1Upgrades extends ChannelInboundHandlerAdapter {
    private @Nullable ChannelHandlerContext context;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    void inject(Object message) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.fireChannelRead(message);
        }
    }

    /** Ends a read that no socket began. */
    void endRead() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request && request.headers().contains(HttpHeaderNames.UPGRADE)) {
            // RFC 9113 has dropped the upgrade to h2c, and a server may ignore any (RFC 9110 §7.8).
            request.headers().remove(HttpHeaderNames.UPGRADE);
        }
        ctx.fireChannelRead(message);
    }
}
