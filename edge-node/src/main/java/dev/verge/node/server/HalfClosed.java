package dev.verge.node.server;

import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.server.watch.LoopWatch;
import dev.verge.node.server.watch.LoopWatch.Watched;
import dev.verge.node.tunnel.TunnelEnd;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client that ends its side of a clear-text connection once it has asked (simple clients do) still gets its answers, if they come soon. It may
 * as well have left: TCP says the same of both, until something is written to who is no more there. So nobody is waited for longer than a
 * moment in which there was nothing to send.
 */
final class HalfClosed extends ChannelInboundHandlerAdapter {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private @Nullable Look look;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        var _ = ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stop(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stop(ctx);
    }

    private void stop(ChannelHandlerContext ctx) {
        if (look != null) {
            LoopWatch.of(ctx.channel().eventLoop()).remove(look);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != ChannelInputShutdownEvent.INSTANCE && event != ChannelInputShutdownReadComplete.INSTANCE) {
            ctx.fireUserEventTriggered(event);
            return;
        }
        Http1Guard guard = Http1Guard.of(ctx.channel());
        TunnelEnd tunnel = guard == null ? null : guard.tunnel();
        if (tunnel != null && tunnel.isOpen()) {
            ctx.fireUserEventTriggered(event); // a tunnel ends by its own rules
        } else if (guard == null) {
            var _ = ctx.close();
        } else if (look == null) {
            Look begun = new Look(ctx, guard);
            look = begun;
            LoopWatch.of(ctx.channel().eventLoop()).add(begun);
            begun.look(System.nanoTime());
        }
    }

    private static final class Look extends Watched {
        private final ChannelHandlerContext ctx;
        private final Http1Guard guard;
        private long since = System.nanoTime();

        Look(ChannelHandlerContext ctx, Http1Guard guard) {
            this.ctx = ctx;
            this.guard = guard;
        }

        @Override
        protected void look(long nanos) {
            ChannelOutboundBuffer unsent = ctx.channel().unsafe().outboundBuffer();
            if (unsent != null && !unsent.isEmpty()) {
                since = nanos;
            } else if (!guard.owes() || nanos - since > MOMENT.toNanos()) {
                var _ = ctx.close();
            }
        }
    }
}
