package dev.verge.node.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that this process listens on. A successor gets them as they are: the kernel's socket, with the connections that wait
 * in its queue, is the same one in both processes, so nothing is lost whichever of them accepts, and whichever closes its end.
 */
public final class ListeningSockets {
    /** From one call of the server library to the next, which follows on the same thread. */
    private static final ThreadLocal<@Nullable Listener> NEXT = new ThreadLocal<>();

    private final Map<Listener, FileDescriptor> handedOver;
    private final boolean held;
    private final ConcurrentMap<Listener, ServerChannel> open = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param handedOver sockets of a predecessor that listen already
     * @param held whether connections to the others, too, wait in the queue until {@link #accept}
     */
    public ListeningSockets(Map<Listener, FileDescriptor> handedOver, boolean held) {
        this.held = held;
        this.handedOver = new EnumMap<>(Listener.class);
        this.handedOver.putAll(handedOver);
    }

    /**
     * The library is about to make a listening socket.
     *
     * @param clear acceptor of the clear-text edge port
     * @param tls acceptor of the TLS edge port
     */
    void configure(ServerBootstrap bootstrap, ChannelHandler clear, ChannelHandler tls) {
        Listener listener = Listener.ofBacklog(bootstrap.config().options().get(ChannelOption.SO_BACKLOG));
        NEXT.set(listener);
        if (listener != null) {
            boolean bound = isHandedOver(listener);
            bootstrap.handler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    if (bound) {
                        channel.pipeline().addLast(new AlreadyBound());
                    }
                    if (listener == Listener.HTTP) {
                        channel.pipeline().addLast(clear);
                    } else if (listener == Listener.HTTPS) {
                        channel.pipeline().addLast(tls);
                    }
                }
            });
        }
    }

    private synchronized boolean isHandedOver(Listener listener) {
        return handedOver.containsKey(listener);
    }

    ChannelFactory<? extends ServerChannel> factory(ChannelFactory<? extends ServerChannel> usual) {
        Listener listener = NEXT.get();
        NEXT.remove();
        if (listener == null) {
            return usual;
        }
        return () -> {
            ServerChannel channel = make(listener, usual);
            open.put(listener, channel);
            return channel;
        };
    }

    private synchronized ServerChannel make(Listener listener, ChannelFactory<? extends ServerChannel> usual) {
        FileDescriptor socket = handedOver.remove(listener);
        if (socket == null) {
            ServerChannel channel = usual.newChannel();
            channel.config().setAutoRead(!held);
            return channel;
        }
        ServerChannel channel = new EpollServerSocketChannel(socket.intValue());
        // Connections wait in the queue until somebody is there for them, see accept().
        channel.config().setAutoRead(false);
        return channel;
    }

    /** Begins to accept from sockets that were handed over or held; others have since they were bound. */
    public void accept() {
        open.values().forEach(channel -> channel.config().setAutoRead(true));
    }

    /** For a successor; null when there is no such socket, or it is of a kind that cannot be handed over. */
    public @Nullable FileDescriptor descriptor(Listener listener) {
        return open.get(listener) instanceof EpollServerSocketChannel channel && channel.isOpen() ? channel.fd() : null;
    }

    /** Closes this process's ends of those sockets; the successor's stay. Completes when nothing is accepted here any more. */
    public Future<Void> close(Predicate<Listener> which) {
        List<Future<Void>> closed = open.entrySet().stream()
                .filter(each -> which.test(each.getKey()))
                .map(each -> closed(each.getValue()))
                .toList();
        return Future.join(closed).mapEmpty();
    }

    private static Future<Void> closed(ServerChannel channel) {
        Promise<Void> done = Promise.promise();
        var _ = channel.close().addListener(ended -> done.complete());
        return done.future();
    }

    /** The kernel refuses to bind a socket twice. */
    private static final class AlreadyBound extends ChannelOutboundHandlerAdapter {
        @Override
        public void bind(ChannelHandlerContext ctx, SocketAddress address, ChannelPromise promise) {
            promise.setSuccess();
        }
    }
}
