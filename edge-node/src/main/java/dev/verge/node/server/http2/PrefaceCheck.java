package dev.verge.node.server.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.ReferenceCountUtil;

/**
 * On a connection that agreed on HTTP/2 by ALPN, the preface comes first (RFC 9113 §3.4): whatever else begins it ends it, and is never
 * read as another protocol.
 */
public final class PrefaceCheck extends ChannelInboundHandlerAdapter {
    private final ByteBuf wanted = Http2CodecUtil.connectionPrefaceBuf();
    private int read;
    private boolean broken;

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        wanted.release();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (broken || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        int start = bytes.readerIndex();
        int length = Math.min(bytes.readableBytes(), Http2Guard.PREFACE_BYTES - read);
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(start + i) != wanted.getByte(read + i)) {
                broken = true;
                bytes.release();
                var _ = ctx.close();
                return;
            }
        }
        read += length;
        ctx.fireChannelRead(bytes);
        if (read == Http2Guard.PREFACE_BYTES) {
            ctx.pipeline().remove(this);
        }
    }
}
