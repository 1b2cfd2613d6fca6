package dev.verge.node.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The machine's best transport, with a handler that sees each connection to an edge port before the server library does: the library
 * has no hook of its own there, and shows a clear-text connection only after it has read the first request.
 */
public final class EdgeTransport implements Transport {
    private final Transport base;
    private final Implementation implementation;

    private EdgeTransport(Transport base, ListeningSockets sockets, ChannelHandler clear, ChannelHandler tls) {
        this.base = base;
        this.implementation =
                new Implementation(base.implementation(), base.equals(Transport.EPOLL), sockets, clear, tls);
    }

    /**
     * Chooses the transport.
     *
     * @param wanted whether to use a native one where there is one
     * @param sockets told of each port that is opened
     * @param clear acceptor of the clear-text port: sharable; its messages are the accepted channels
     * @param tls the same of the TLS port
     */
    public static EdgeTransport of(boolean wanted, ListeningSockets sockets, ChannelHandler clear, ChannelHandler tls) {
        Transport fast = wanted ? Transport.nativeTransport() : null;
        return new EdgeTransport(fast != null && fast.available() ? fast : Transport.NIO, sockets, clear, tls);
    }

    public boolean isNative() {
        return !base.equals(Transport.NIO);
    }

    @Override
    public String name() {
        return base.name();
    }

    @Override
    public boolean available() {
        return base.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return base.unavailabilityCause();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return implementation;
    }

    private record Implementation(
            io.vertx.core.spi.transport.Transport base,
            boolean epoll,
            ListeningSockets sockets,
            ChannelHandler clear,
            ChannelHandler tls)
            implements io.vertx.core.spi.transport.Transport {

        @Override
        public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
            base.configure(config, domainSocket, bootstrap);
            sockets.configure(bootstrap, clear, tls);
        }

        @Override
        public boolean supportsDomainSockets() {
            return base.supportsDomainSockets();
        }

        @Override
        public boolean supportFileRegion() {
            return base.supportFileRegion();
        }

        @Override
        public boolean isAvailable() {
            return base.isAvailable();
        }

        @Override
        public Throwable unavailabilityCause() {
            return base.unavailabilityCause();
        }

        @Override
        public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
            return base.convert(address);
        }

        @Override
        public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
            return base.convert(address);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            IoHandlerFactory usual = base.ioHandlerFactory();
            return epoll ? new EpollWatch(usual) : usual;
        }

        @Override
        @SuppressWarnings("deprecation") // the interface asks for it
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return base.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
            return base.datagramChannelFactory();
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return base.channelFactory(domainSocket);
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            ChannelFactory<? extends ServerChannel> usual = base.serverChannelFactory(domainSocket);
            return domainSocket ? usual : sockets.factory(usual);
        }

        @Override
        public void configure(DatagramChannel channel, DatagramSocketOptions options) {
            base.configure(channel, options);
        }

        @Override
        public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
            base.configure(config, domainSocket, bootstrap);
        }
    }
}
