package dev.verge.node.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One end of a tunnel: what a connection carries once it has left HTTP. Stands in front of the codec, which sees nothing more of it but
 * the connection's end. Nothing is read from the connection that nobody wants; what came with the last bytes of HTTP waits here.
 *
 * <p>Both directions end on their own in clear text. TLS libraries answer the end of one with the end of the other, so there the
 * connection is over when its peer has ended it. Used on the connection's event loop alone.
 */
public final class TunnelEnd extends ChannelInboundHandlerAdapter implements ReadStream<Buffer> {
    /** What may come before the switch: a client that speaks before it is answered gets no more room. */
    public static final int MAX_EARLY_BYTES = 64 * 1024;

    private final Deque<ByteBuf> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private @Nullable ChannelHandlerContext context;
    private long received;
    private long demand;
    private boolean delivering;
    private boolean inputEnded;
    private boolean endTold;
    private boolean outputEnded;
    private boolean outputSent;
    private boolean over;
    private @Nullable Throwable failure;
    private @Nullable Handler<Buffer> onBytes;
    private @Nullable Handler<Void> onEnd;
    private @Nullable Handler<Throwable> onFailure;
    private Runnable onDrain = () -> {};
    private Runnable onDone = () -> {};

    /**
     * Takes bytes that came behind the last message of HTTP.
     *
     * @return whether there was room; the bytes are released if not
     */
    public boolean early(ByteBuf bytes) {
        waitingBytes += bytes.readableBytes();
        boolean room = waitingBytes <= MAX_EARLY_BYTES;
        if (over || !room) {
            bytes.release();
            return room;
        }
        waiting.add(bytes);
        return true;
    }

    /** Takes the place of the handler that has read HTTP so far. */
    public void replace(ChannelHandlerContext former) {
        Channel channel = former.channel();
        channel.config().setAutoRead(false);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        IdleStateHandler idle = channel.pipeline().get(IdleStateHandler.class);
        if (idle != null) {
            channel.pipeline().remove(idle); // it looks at HTTP alone
        }
        ChannelHandler handler = former.handler();
        channel.pipeline().replace(handler, "tunnel", this);
    }

    /** Whether HTTP has been left. */
    public boolean isOpen() {
        return context != null && !over;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        if (demand > 0) {
            deliver();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (over || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        waiting.add(bytes);
        deliver();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Nobody behind has read anything.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inputEnded = true;
            deliver();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            onDrain.run();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(new IOException("the connection was lost"));
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop();
    }

    @Override
    public TunnelEnd handler(@Nullable Handler<Buffer> handler) {
        onBytes = handler;
        return this;
    }

    @Override
    public TunnelEnd endHandler(@Nullable Handler<Void> handler) {
        onEnd = handler;
        return this;
    }

    @Override
    public TunnelEnd exceptionHandler(@Nullable Handler<Throwable> handler) {
        onFailure = handler;
        Throwable early = failure;
        if (handler != null && early != null) {
            failure = null;
            handler.handle(early);
        }
        return this;
    }

    @Override
    public TunnelEnd pause() {
        demand = 0;
        readOn();
        return this;
    }

    @Override
    public TunnelEnd resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public TunnelEnd fetch(long amount) {
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        if (context != null) {
            deliver();
        }
        return this;
    }

    /** What waits goes first; then the connection is read for as long as somebody wants more. */
    private void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        while (demand > 0 && !over && !waiting.isEmpty()) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            Buffer copy = copied(waiting.remove());
            received += copy.length();
            Handler<Buffer> handler = onBytes;
            if (handler != null && copy.length() > 0) {
                handler.handle(copy);
            }
        }
        delivering = false;
        if (inputEnded && demand > 0 && waiting.isEmpty() && !endTold && !over) {
            endTold = true;
            Handler<Void> handler = onEnd;
            if (handler != null) {
                handler.handle(null);
            }
            closeIfDone();
        }
        readOn();
    }

    private static Buffer copied(ByteBuf bytes) {
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        bytes.release();
        return Buffer.buffer(copy);
    }

    private void readOn() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && !over) {
            // Not behind the end: the system watches such a connection no more, and says so with an error.
            ctx.channel().config().setAutoRead(demand > 0 && !inputEnded);
        }
    }

    /** Sends bytes, in order; they are not copied. */
    public void write(Buffer bytes) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && !over && !outputEnded) {
            long held = bytes.length();
            HeldBytes.add(held);
            var _ = ctx.writeAndFlush(((BufferInternal) bytes).getByteBuf()).addListener(taken -> HeldBytes.add(-held));
        }
    }

    /** Whether more should wait until {@link #onDrain} is told. */
    public boolean isFull() {
        ChannelHandlerContext ctx = context;
        return ctx != null && !over && !ctx.channel().isWritable();
    }

    /** What to do when a full end has room again. */
    public void onDrain(Runnable action) {
        onDrain = action;
    }

    /** Nothing more will be sent: the peer reads what was, and then the end. It may go on sending. */
    public void end() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || over || outputEnded) {
            return;
        }
        outputEnded = true;
        var _ = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            if (tls != null) {
                var _ = tls.closeOutbound();
            } else if (ctx.channel() instanceof DuplexChannel socket && !socket.isOutputShutdown()) {
                var _ = socket.shutdownOutput();
            }
            outputSent = true;
            closeIfDone();
        });
    }

    /** What to do when both directions have ended in order, before the connection closes. */
    public void onDone(Runnable action) {
        onDone = action;
    }

    /** Bytes that were read by whoever wants them. */
    public long received() {
        return received;
    }

    private void closeIfDone() {
        if (endTold && outputSent && !over) {
            onDone.run();
            close();
        }
    }

    /** Gives the connection up, or before the switch what came early. */
    public void close() {
        drop();
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            var _ = ctx.close();
        }
    }

    private void drop() {
        over = true;
        for (ByteBuf bytes = waiting.poll(); bytes != null; bytes = waiting.poll()) {
            bytes.release();
        }
    }

    private void fail(Throwable cause) {
        if (!over) {
            close();
            Handler<Throwable> handler = onFailure;
            if (handler != null) {
                handler.handle(cause);
            } else {
                failure = cause;
            }
        }
    }
}
