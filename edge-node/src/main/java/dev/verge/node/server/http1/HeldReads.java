package dev.verge.node.server.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * What came on a connection while a request in front of it is being answered: at most what the system gave at once, because nothing more is
 * asked for.
 */
final class HeldReads {
    private final Queue<ByteBuf> held = new ArrayDeque<>(0);
    private boolean going;

    boolean isEmpty() {
        return held.isEmpty();
    }

    void add(Channel connection, ByteBuf bytes) {
        connection.config().setAutoRead(false);
        held.add(bytes);
    }

    /** Reads what is here, in order, until the reader is busy again. */
    void goOn(ChannelHandlerContext ctx, ChannelInboundHandler reader, BooleanSupplier busy) {
        if (held.isEmpty() || going) {
            return;
        }
        going = true;
        // Before anything is read: who reads it may want no more for reasons of its own.
        ctx.channel().config().setAutoRead(true);
        try {
            for (ByteBuf next = held.poll(); next != null; next = busy.getAsBoolean() ? null : held.poll()) {
                reader.channelRead(ctx, next);
            }
            reader.channelReadComplete(ctx);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
        } finally {
            going = false;
        }
        if (!held.isEmpty()) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    void release() {
        for (ByteBuf each = held.poll(); each != null; each = held.poll()) {
            each.release();
        }
    }
}
