package dev.verge.node.server;

import dev.verge.node.server.http2.Http2Guard;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Behind TLS: puts the guard of the protocol that ALPN has chosen in its place when the first bytes come. */
final class TlsDoor extends ChannelInboundHandlerAdapter {
    private final ConnectionGate gate;

    TlsDoor(ConnectionGate gate) {
        this.gate = gate;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ctx.pipeline().get("httpDecoder") == null) {
            ctx.pipeline().replace(this, ConnectionGate.GUARD, gate.http2(Http2Guard.PREFACE_BYTES));
        } else {
            gate.http1BehindTls().guard(ctx.pipeline());
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelRead(message);
    }
}
