package dev.verge.node.server;

import dev.verge.node.config.Limits;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.server.http1.Http1Guard;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Takes or refuses connections to the edge ports as they are accepted, and puts the node's own handlers into those it takes. */
@ChannelHandler.Sharable
public final class ConnectionGate extends ChannelInboundHandlerAdapter {
    private final Limits limits;
    private final NodeMetrics metrics;
    private final Http1Guard.Limits http1;

    public ConnectionGate(Limits limits, NodeMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
        this.http1 = http1(limits);
    }

    static Http1Guard.Limits http1(Limits limits) {
        return new Http1Guard.Limits(
                limits.requestLineBytes(),
                limits.headerBytes(),
                limits.headerFields(),
                limits.headerTimeout(),
                limits.keepAlive());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Channel connection)) {
            ctx.fireChannelRead(message);
            return;
        }
        if (metrics.connections().incrementAndGet() > limits.connections()) {
            metrics.connections().decrementAndGet();
            metrics.connectionRefused();
            connection.unsafe().closeForcibly();
            return;
        }
        var _ = connection
                .closeFuture()
                .addListener(closed -> metrics.connections().decrementAndGet());
        connection.pipeline().addLast("guard", new Http1Guard(http1, true, metrics::refused));
        ctx.fireChannelRead(message);
    }
}
