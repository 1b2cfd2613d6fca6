package dev.verge.node.server.http1;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection on which something came that is not read: first the sending side alone, so that the client can read its answer before
 * the system tells it that the rest was in vain (RFC 9112 §9.6).
 */
final class LingeringClose {
    private static final Duration LINGER = Duration.ofSeconds(1);

    private LingeringClose() {}

    /** From now on whatever comes must be dropped; the connection closes when the client does, or soon. */
    static void begin(ChannelHandlerContext ctx, ChannelPromise promise) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            var _ = tls.closeOutbound();
        } else if (ctx.channel() instanceof DuplexChannel socket) {
            var _ = socket.shutdownOutput();
        }
        ctx.channel().config().setAutoRead(true);
        var _ = ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
        Runnable enough = () -> {
            var _ = ctx.close();
        };
        var _ = ctx.executor().schedule(enough, LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }
}
