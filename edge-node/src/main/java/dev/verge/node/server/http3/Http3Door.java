package dev.verge.node.server.http3;

import dev.verge.node.exchange.RequestHandler;
import dev.verge.node.server.EdgeListeners.CannotListen;
import dev.verge.node.server.SideDoor;
import dev.verge.node.server.http3.Http3Doors.Settings;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** HTTP/3 on one event loop: its socket, and the connections that belong to it. */
final class Http3Door implements SideDoor {
    /** Windows for what clients send: of a stream, and of all streams of a connection, as over HTTP/2. */
    private static final long STREAM_WINDOW = 256 << 10;

    private static final long CONNECTION_WINDOW = 1 << 20;

    /** A control stream, two of QPACK, and some of kinds that are not known here (RFC 9114 §6.2 asks for three at least). */
    private static final int UNIDIRECTIONAL_STREAMS = 8;

    private static final long UNIDIRECTIONAL_WINDOW = 4 << 10;

    /** Packets that are given to the kernel as one. */
    private static final int SEGMENTS = 10;

    /**
     * What the system keeps of packets that the loop has not read yet, of all connections together, as far as {@code net.core.rmem_max} allows. Its
     * default holds some hundred packets, and a QUIC sender takes what is dropped for a full path.
     */
    private static final int SOCKET_BYTES = 4 << 20;

    private final Http3Doors doors;
    private final Settings settings;
    private final Set<Http3Connection> connections = new HashSet<>();
    private final Promise<Void> drained = Promise.promise();
    private @Nullable ContextInternal context;
    private @Nullable RequestHandler handler;
    private @Nullable Channel socket;
    private boolean draining;

    Http3Door(Http3Doors doors) {
        this.doors = doors;
        this.settings = doors.settings();
    }

    @Override
    public Future<Void> open(ContextInternal loop, RequestHandler requests, int port) {
        context = loop;
        handler = requests;
        InetSocketAddress address = new InetSocketAddress(settings.listen().host(), port);
        Optional<CannotListen> taken = doors.taken(address);
        if (taken.isEmpty()) {
            return bind(loop, address);
        }
        if (!doors.isPatient()) {
            return Future.failedFuture(taken.get());
        }
        loop.owner().setTimer(Http3Doors.LOOK_AGAIN.toMillis(), again -> {
            if (!draining) {
                var _ = open(loop, requests, port);
            }
        });
        return Future.succeededFuture();
    }

    private Future<Void> bind(ContextInternal loop, InetSocketAddress address) {
        Bootstrap bootstrap =
                new Bootstrap().group(loop.nettyEventLoop()).option(ChannelOption.SO_RCVBUF, SOCKET_BYTES);
        if (isEpoll(loop)) {
            bootstrap.channel(EpollDatagramChannel.class).option(UnixChannelOption.SO_REUSEPORT, true);
        } else {
            bootstrap
                    .channel(NioDatagramChannel.class)
                    .option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        }
        Promise<Void> bound = Promise.promise();
        var _ = bootstrap
                .handler(new ChannelInitializer<DatagramChannel>() {
                    @Override
                    protected void initChannel(DatagramChannel channel) {
                        Http3Doors.Dispatcher.of(channel, Http3Door.this);
                        channel.pipeline().addLast(doors.dispatcher()).addLast(new Quiet());
                    }
                })
                .bind(address)
                .addListener((io.netty.channel.ChannelFuture opened) -> {
                    if (opened.isSuccess()) {
                        socket = opened.channel();
                        doors.opened();
                        bound.complete();
                    } else {
                        bound.fail(doors.cannot(address.getPort(), opened.cause()));
                    }
                });
        return bound.future();
    }

    private static boolean isEpoll(ContextInternal loop) {
        return loop.nettyEventLoop() instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class);
    }

    /** The codec of this loop's socket, behind the dispatcher. */
    ChannelHandler codec(int idLength, QuicConnectionIdGenerator ids) {
        var limits = settings.limits();
        Duration idle = limits.idle().compareTo(limits.keepAlive()) > 0 ? limits.idle() : limits.keepAlive();
        QuicServerCodecBuilder builder = Http3.newQuicServerCodecBuilder()
                .sslContext(settings.tls().context())
                .tokenHandler(doors.tokens())
                .localConnectionIdLength(idLength)
                .connectionIdAddressGenerator(ids)
                .maxIdleTimeout(idle.toMillis(), TimeUnit.MILLISECONDS)
                .initialMaxData(CONNECTION_WINDOW)
                .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
                .initialMaxStreamDataBidirectionalLocal(0)
                .initialMaxStreamDataUnidirectional(UNIDIRECTIONAL_WINDOW)
                .initialMaxStreamsBidirectional(limits.streamsPerConnection())
                .initialMaxStreamsUnidirectional(UNIDIRECTIONAL_STREAMS)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel channel) {
                        enter(channel);
                    }
                });
        if (context != null && isEpoll(context)) {
            builder.option(
                    QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                    EpollQuicUtils.newSegmentedAllocator(SEGMENTS));
        }
        return builder.build();
    }

    private void enter(QuicChannel channel) {
        ContextInternal loop = context;
        RequestHandler requests = handler;
        if (loop == null || requests == null) {
            throw new IllegalStateException("a socket before its loop");
        }
        Http3Connection connection = new Http3Connection(settings, loop, channel, this::left);
        ChannelPipeline pipeline = channel.pipeline();
        if (!draining && connection.enter()) {
            connections.add(connection);
            pipeline.addLast(
                    new Http3ServerConnectionHandler(new Streams(connection, requests), null, null, terms(), true));
        }
        pipeline.addLast(connection);
        if (settings.draining().get()) {
            connection.goAway(Duration.ofSeconds(1));
        }
    }

    /** Extended CONNECT (RFC 9220); no dynamic table of QPACK: nothing is kept between requests, and none of them waits for another. */
    private DefaultHttp3SettingsFrame terms() {
        return new DefaultHttp3SettingsFrame(new Http3Settings()
                .maxFieldSectionSize(settings.limits().headerBytes())
                .qpackMaxTableCapacity(0)
                .qpackBlockedStreams(0)
                .enableConnectProtocol(true));
    }

    private void left(Http3Connection connection) {
        connections.remove(connection);
        closeWhenEmpty();
    }

    @Override
    public void goAway(Duration roundTrip) {
        connections.forEach(each -> each.goAway(roundTrip));
    }

    @Override
    public Future<Void> drain(Duration limit) {
        ContextInternal loop = context;
        if (loop == null) {
            return Future.succeededFuture();
        }
        loop.runOnContext(v -> {
            draining = true;
            List.copyOf(connections).forEach(Http3Connection::refuseFurther);
            closeWhenEmpty();
            loop.owner().setTimer(Math.max(1, limit.toMillis()), over -> {
                List.copyOf(connections).forEach(each -> each.close(Http3ErrorCode.H3_NO_ERROR));
            });
        });
        return drained.future();
    }

    private void closeWhenEmpty() {
        Channel open = socket;
        if (draining && open == null) {
            drained.tryComplete();
        } else if (draining && open != null && connections.isEmpty()) {
            socket = null;
            doors.closed();
            var _ = open.close().addListener(closed -> drained.tryComplete());
        }
    }

    /** What cannot be read of a packet is nobody's business: anybody may send anything from any address. */
    private static final class Quiet extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // Dropped.
        }
    }

    private static final class Streams extends ChannelInitializer<QuicStreamChannel> {
        private final Http3Connection connection;
        private final RequestHandler requests;

        Streams(Http3Connection connection, RequestHandler requests) {
            this.connection = connection;
            this.requests = requests;
        }

        @Override
        protected void initChannel(QuicStreamChannel stream) {
            Http3Exchange exchange = new Http3Exchange(connection, stream, requests);
            stream.pipeline().addFirst(new FrameGuard(FrameHeads.Kind.REQUEST, connection));
            stream.pipeline().addLast(exchange);
            exchange.begin();
        }
    }
}
