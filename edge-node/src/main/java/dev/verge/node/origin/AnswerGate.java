package dev.verge.node.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.UnpooledHttpClientConnection;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the decoder of a connection to an HTTP/1 origin and lets only answers through that can be read in one way. A
 * broken one ends as an error and with it the connection. What follows a complete answer is dropped, and the connection is not
 * used again.
 */
final class AnswerGate extends ChannelInboundHandlerAdapter {
    private static final String CODEC = "codec";
    private static final String NAME = "answer gate";

    private final AnswerReader reader = new AnswerReader();
    private boolean shut;

    private AnswerGate() {}

    /** The origin's answer can be read in more than one way, or in none. */
    static final class BadAnswer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadAnswer(String rule) {
            super(rule, null, false, false);
        }
    }

    /** Watches a new connection; null with HTTP/2, whose frames leave no doubt. */
    static @Nullable AnswerGate watch(HttpConnection connection) {
        Channel channel = channel(connection);
        if (channel == null || channel.pipeline().get(CODEC) == null) {
            return null;
        }
        AnswerGate gate = new AnswerGate();
        channel.pipeline().addBefore(CODEC, NAME, gate);
        channel.pipeline().addAfter(CODEC, "interim", new InterimResponses());
        return gate;
    }

    /** A request is about to be sent. */
    void expect(String method) {
        reader.expect(method.equals(HttpMethod.HEAD.name()));
    }

    /** Whether any byte of the answer has come. */
    boolean hasStarted() {
        return reader.hasStarted();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (shut || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        int good = reader.read(bytes);
        String broken = reader.broken();
        if (broken != null) {
            shut = true;
            bytes.release();
            context.fireExceptionCaught(new BadAnswer(broken));
            var _ = context.close();
        } else if (good < bytes.readableBytes()) {
            shut = true;
            bytes.writerIndex(bytes.readerIndex() + good);
            context.fireChannelRead(bytes);
            var _ = context.close();
        } else {
            context.fireChannelRead(bytes);
        }
    }

    private static @Nullable Channel channel(HttpConnection connection) {
        HttpConnection actual =
                connection instanceof UnpooledHttpClientConnection unpooled ? unpooled.unwrap() : connection;
        return actual instanceof ConnectionBase base ? base.channel() : null;
    }
}
