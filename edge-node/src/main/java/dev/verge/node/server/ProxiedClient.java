package dev.verge.node.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * First on a connection of a proxy that names its clients: nothing passes before its header, and without a whole one in time, or with
 * a malformed one, the connection closes. There is nobody to answer: what follows cannot be told from the header.
 */
final class ProxiedClient extends ByteToMessageDecoder {
    private final Duration time;
    private final Predicate<@Nullable InetAddress> admits;
    private final Runnable refused;
    private boolean closing;
    private @Nullable Future<?> deadline;

    /**
     * Reads the header of one connection.
     *
     * @param admits whether the client may have another connection; null: the proxy itself
     * @param refused told of a header that is none
     */
    ProxiedClient(Duration time, Predicate<@Nullable InetAddress> admits, Runnable refused) {
        this.time = time;
        this.admits = admits;
        this.refused = refused;
        setSingleDecode(true);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        Runnable late = () -> refuse(ctx);
        deadline = ctx.executor().schedule(late, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (closing) {
            in.skipBytes(in.readableBytes());
            return;
        }
        switch (ProxyHeader.read(in)) {
            case ProxyHeader.Incomplete more -> {}
            case ProxyHeader.Malformed why -> {
                in.skipBytes(in.readableBytes());
                refuse(ctx);
            }
            case ProxyHeader.Read(int length, InetAddress client) -> {
                in.skipBytes(length);
                if (admits.test(client)) {
                    ctx.pipeline().remove(this);
                } else {
                    in.skipBytes(in.readableBytes());
                    closing = true;
                    var _ = ctx.close();
                }
            }
        }
    }

    private void refuse(ChannelHandlerContext ctx) {
        if (!closing) {
            closing = true;
            refused.run();
            var _ = ctx.close();
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
