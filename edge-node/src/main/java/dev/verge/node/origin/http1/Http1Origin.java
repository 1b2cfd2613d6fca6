package dev.verge.node.origin.http1;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.tunnel.TunnelEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.ContextInternal;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an HTTP/1 origin, which carries one exchange after the other. Stands in front of the client library's codec, which has
 * opened the connection and sees nothing more of it but its end. An answer that can be read in more than one way ends the connection; so
 * does whatever follows a complete one. Used on the connection's event loop alone.
 */
public final class Http1Origin extends ChannelInboundHandlerAdapter implements AnswerParts {
    private static final String CODEC = "codec";
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int CONTINUE = 100;

    private final AnswerReader reader = new AnswerReader(this);
    private final ContextInternal turn;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Exchange exchange;
    private @Nullable HttpFields switching;
    private boolean shut;
    private boolean reusable = true;

    private Http1Origin(ContextInternal turn) {
        this.turn = turn;
    }

    /** One request and its answer. Told of nothing more once it has been left. */
    public interface Exchange {
        /** A head that others follow; never {@code 100 Continue}, which is an answer to nobody. */
        void interim(int status, HttpFields fields);

        void head(int status, HttpFields fields);

        /** A piece of the content, which now belongs to the exchange. */
        void content(ByteBuf piece);

        /** The answer is complete. */
        void end(HttpFields trailers);

        /** What has come at once has been told. */
        void read();

        /** The origin has left HTTP. */
        void switched(HttpFields fields, TunnelEnd end);

        /** The origin takes more of the request. */
        void drained();

        /** The connection is lost, and what had not come of the answer with it. */
        void broken(Throwable cause);
    }

    /** The origin's answer can be read in more than one way, or in none. */
    public static final class BadAnswer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadAnswer(String rule) {
            super(rule, null, false, false);
        }
    }

    /**
     * Takes a new connection over from the client library; null when it does not speak HTTP/1.
     *
     * @param turn in which exchanges are told of what happens
     */
    public static @Nullable Http1Origin take(@Nullable Channel channel, ContextInternal turn) {
        if (channel == null || channel.pipeline().get(CODEC) == null) {
            return null;
        }
        Http1Origin origin = new Http1Origin(turn);
        channel.pipeline().addBefore(CODEC, "origin", origin);
        return origin;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    private ChannelHandlerContext connection() {
        return Objects.requireNonNull(context, "added to its connection when it is made");
    }

    public EventLoop loop() {
        return connection().channel().eventLoop();
    }

    /** Whether another exchange may follow the last one. */
    public boolean isReusable() {
        return reusable && !shut;
    }

    /** Whether any byte of the answer has come. */
    public boolean hasStarted() {
        return reader.hasStarted();
    }

    /**
     * A request is about to be sent.
     *
     * @param method decides whether the answer has content
     * @param upgrade whether the request asks for another protocol
     */
    public void begin(Exchange next, String method, boolean upgrade) {
        exchange = next;
        reader.expect(method.equals("HEAD"), upgrade);
    }

    /** Nobody is told of the rest of this exchange. */
    @SuppressWarnings("ReferenceEquality") // that very exchange
    public void leave(Exchange over) {
        if (exchange == over) {
            exchange = null;
        }
    }

    /** A buffer for a part of a request. */
    public ByteBuf buffer(int bytes) {
        return connection().alloc().directBuffer(bytes);
    }

    /** Sends a part of a request at once. */
    public void send(ByteBuf bytes) {
        var _ = connection().writeAndFlush(bytes, connection().voidPromise());
    }

    /** Writes a part of a request that another one follows at once. */
    public void write(ByteBuf bytes) {
        var _ = connection().write(bytes, connection().voidPromise());
    }

    /** Runs the action once everything that was written is with the system. */
    public void whenSent(Runnable action) {
        ChannelOutboundBuffer waiting = connection().channel().unsafe().outboundBuffer();
        if (waiting != null && waiting.totalPendingWriteBytes() == 0) {
            action.run();
        } else {
            var _ = connection().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
                if (done.isSuccess()) {
                    within(action);
                }
            });
        }
    }

    /** Whether more should wait until {@link Exchange#drained}. */
    public boolean isFull() {
        return !connection().channel().isWritable();
    }

    /** Whether more of the answer is wanted; what has been read comes all the same. */
    public void want(boolean more) {
        Channel channel = connection().channel();
        if (channel.isActive() && channel.config().isAutoRead() != more) {
            channel.config().setAutoRead(more);
        }
    }

    /** Runs an action as one of the loop's own: what reads an answer asks where it is. */
    public void within(Runnable action) {
        ContextInternal before = turn.beginDispatch();
        try {
            action.run();
        } finally {
            turn.endDispatch(before);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ContextInternal before = turn.beginDispatch();
        try {
            take(ctx, message);
        } finally {
            turn.endDispatch(before);
        }
    }

    private void take(ChannelHandlerContext ctx, Object message) {
        if (shut || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            int good = reader.read(bytes);
            String rule = reader.broken();
            if (rule != null) {
                end(ctx, new BadAnswer(rule));
                return;
            }
            if (reader.hasSwitched()) {
                leaveHttp(ctx, bytes, good);
                return;
            }
            if (good < bytes.readableBytes()) {
                shut = true;
                var _ = ctx.close();
            }
        } finally {
            bytes.release();
        }
        Exchange current = exchange;
        if (current != null) {
            current.read();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Nobody behind has read anything.
    }

    private void leaveHttp(ChannelHandlerContext ctx, ByteBuf bytes, int head) {
        shut = true;
        TunnelEnd end = new TunnelEnd();
        if (head < bytes.readableBytes()) {
            end.early(bytes.retainedSlice(bytes.readerIndex() + head, bytes.readableBytes() - head));
        }
        Exchange current = exchange;
        HttpFields fields = switching;
        exchange = null;
        end.replace(ctx);
        if (current == null || fields == null) {
            end.close();
        } else {
            current.switched(fields, end);
        }
    }

    @Override
    public void interim(int status, HttpFields fields) {
        Exchange current = exchange;
        if (status == SWITCHING_PROTOCOLS) {
            switching = fields;
        } else if (current != null && status != CONTINUE) {
            current.interim(status, fields);
        }
    }

    @Override
    public void head(int status, HttpFields fields, boolean closes) {
        reusable = !closes;
        Exchange current = exchange;
        if (current != null) {
            current.head(status, fields);
        }
    }

    @Override
    public void content(ByteBuf bytes, int index, int length) {
        Exchange current = exchange;
        if (current != null && length > 0) {
            current.content(bytes.retainedSlice(index, length));
        }
    }

    @Override
    public void end(HttpFields trailers) {
        Exchange current = exchange;
        if (current != null) {
            current.end(trailers);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange current = exchange;
        if (current != null && ctx.channel().isWritable()) {
            within(current::drained);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        shut = true;
        Exchange current = exchange;
        if (current != null) {
            within(() -> closed(current));
        }
        ctx.fireChannelInactive();
    }

    private void closed(Exchange current) {
        if (reader.endsByClose()) {
            current.read();
        } else {
            exchange = null;
            current.broken(new ClosedChannelException());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(ctx, cause);
    }

    private void end(ChannelHandlerContext ctx, Throwable cause) {
        shut = true;
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            within(() -> current.broken(cause));
        }
        var _ = ctx.close();
    }
}
