package dev.verge.node.server.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/** Stands in front of the codec of one stream; from the first frame on that may not be, nothing passes. */
final class FrameGuard extends ChannelInboundHandlerAdapter {
    private final FrameHeads heads;
    private final Http3Connection connection;
    private boolean refused;

    FrameGuard(FrameHeads.Kind kind, Http3Connection connection) {
        this.heads = new FrameHeads(kind, connection::pay, connection.priorities()::read);
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
            return;
        }
        @Nullable Http3ErrorCode error = refused ? Http3ErrorCode.H3_EXCESSIVE_LOAD : heads.read(bytes);
        if (error == null) {
            ctx.fireChannelRead(bytes);
            return;
        }
        refused = true;
        bytes.release();
        connection.end(error);
    }
}
