package dev.verge.node.origin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the decoder and keeps the close of a connection to itself while a whole answer that came before it is still being read: the
 * client library would give up what waits there for a slow reader.
 */
final class HeldClose extends ChannelInboundHandlerAdapter {
    private boolean reading;
    private boolean whole;
    private @Nullable ChannelHandlerContext held;

    /** The head of an answer has come, and somebody reads on. */
    void begin() {
        reading = true;
        whole = false;
    }

    /** Nobody reads the answer any more; returns whether its connection has closed meanwhile, which is told soon. */
    boolean end() {
        reading = false;
        ChannelHandlerContext closed = held;
        held = null;
        if (closed != null) {
            closed.executor().execute(closed::fireChannelInactive);
        }
        return closed != null;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        whole = reading
                && message instanceof LastHttpContent last
                && last.decoderResult().isSuccess();
        context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (reading && whole) {
            held = context;
        } else {
            context.fireChannelInactive();
        }
    }
}
