package dev.verge.node.origin;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.tunnel.TunnelEnd;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
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
    private final InterimResponses interim = new InterimResponses();
    private final RequestTrailers trailers = new RequestTrailers();
    private final HeldClose close = new HeldClose();
    private boolean shut;
    private @Nullable Switching switching;

    private AnswerGate() {}

    /** Told when the origin leaves HTTP. */
    interface Switching {
        /**
         * It has.
         *
         * @param fields of its {@code 101 Switching Protocols}
         * @param end what the connection is from now on
         */
        void switched(HttpHeaders fields, TunnelEnd end);
    }

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
        channel.pipeline().addAfter(CODEC, "interim", gate.interim);
        channel.pipeline().addAfter("interim", "held close", gate.close);
        channel.pipeline().addAfter(CODEC, "trailers", gate.trailers);
        return gate;
    }

    /** A request is about to be sent. */
    void expect(String method) {
        reader.expect(method.equals(HttpMethod.HEAD.name()), false);
    }

    /** A request that asks for another protocol is about to be sent. */
    void expectSwitch(String method, Switching listener) {
        switching = listener;
        reader.expect(method.equals(HttpMethod.HEAD.name()), true);
    }

    /** The fields that follow the request's content, whose end is written next. */
    void trailers(HttpFields fields) {
        trailers.next(fields);
    }

    /** The close of the connection, where it comes before the answer has been read. */
    HeldClose close() {
        return close;
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
        } else if (reader.hasSwitched()) {
            leaveHttp(context, bytes, good);
        } else if (good < bytes.readableBytes()) {
            shut = true;
            bytes.writerIndex(bytes.readerIndex() + good);
            context.fireChannelRead(bytes);
            var _ = context.close();
        } else {
            context.fireChannelRead(bytes);
        }
    }

    /** The decoder gets the head and nothing behind it. */
    private void leaveHttp(ChannelHandlerContext context, ByteBuf bytes, int head) {
        shut = true;
        TunnelEnd end = new TunnelEnd();
        if (head < bytes.readableBytes()) {
            end.early(bytes.retainedSlice(bytes.readerIndex() + head, bytes.readableBytes() - head));
            bytes.writerIndex(bytes.readerIndex() + head);
        }
        context.fireChannelRead(bytes);
        HttpHeaders fields = interim.switching();
        Switching listener = switching;
        end.replace(context);
        if (fields == null || listener == null) {
            end.close();
        } else {
            listener.switched(fields, end);
        }
    }

    static @Nullable Channel channel(HttpConnection connection) {
        HttpConnection actual =
                connection instanceof UnpooledHttpClientConnection unpooled ? unpooled.unwrap() : connection;
        return actual instanceof ConnectionBase base ? base.channel() : null;
    }
}
