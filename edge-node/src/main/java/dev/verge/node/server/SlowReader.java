package dev.verge.node.server;

import dev.verge.node.config.Limits;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.server.watch.LoopWatch;
import dev.verge.node.server.watch.LoopWatch.Watched;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections whose client takes what was sent to it slower than {@code limits.minResponseBytesPerSecond}. Only time counts in
 * which the node has bytes that the client does not take.
 */
final class SlowReader extends ChannelDuplexHandler {
    private final Limits limits;
    private final NodeMetrics metrics;
    private final Look look;
    private long written;
    private @Nullable ChannelHandlerContext context;

    SlowReader(Limits limits, NodeMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
        this.look = new Look(new DataRate(limits.minResponseBytesPerSecond(), limits.dataGrace()));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        if (limits.minResponseBytesPerSecond() > 0) {
            LoopWatch.of(ctx.channel().eventLoop()).add(look);
        }
        ctx.fireChannelActive();
    }

    /** A tunnel has taken the connection over, which has time limits of its own. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        LoopWatch.of(ctx.channel().eventLoop()).remove(look);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        LoopWatch.of(ctx.channel().eventLoop()).remove(look);
        ctx.fireChannelInactive();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            written += bytes.readableBytes();
        }
        var _ = ctx.write(message, promise);
    }

    private final class Look extends Watched {
        private final DataRate rate;

        Look(DataRate rate) {
            this.rate = rate;
        }

        @Override
        protected void look(long nanos) {
            ChannelHandlerContext ctx = context;
            ChannelOutboundBuffer pending =
                    ctx == null ? null : ctx.channel().unsafe().outboundBuffer();
            if (ctx == null || pending == null) {
                return;
            }
            boolean blocked = !pending.isEmpty();
            if (rate.isTooSlow(nanos, blocked, written - pending.totalPendingWriteBytes())) {
                metrics.slowReader();
                // What the system still holds for this client is given up, too.
                ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                var _ = ctx.close();
            }
        }
    }
}
