package dev.verge.node.server.watch;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateEvent;

/**
 * Keeps {@code limits.idle} from a connection for as long as it carries something that may be silent by its nature: events, gRPC, tunnels.
 * Those have a time limit of their own.
 */
public final class Patience extends ChannelInboundHandlerAdapter {
    private static final String NAME = "patience";

    private int holders;

    private Patience() {}

    /**
     * Begins to wait patiently on a connection.
     *
     * @return ends it again; to be run once, on the connection's event loop
     */
    public static Runnable on(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandler present = pipeline.get(NAME);
        Patience patience = present instanceof Patience there ? there : new Patience();
        if (present == null && pipeline.get("handler") != null) {
            pipeline.addBefore("handler", NAME, patience);
        }
        patience.holders++;
        return () -> patience.holders--;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof IdleStateEvent) || holders <= 0) {
            ctx.fireUserEventTriggered(event);
        }
    }
}
