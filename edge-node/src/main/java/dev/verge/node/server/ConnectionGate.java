package dev.verge.node.server;

import dev.verge.node.config.Limits;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientTls;
import dev.verge.node.fast.FastPaths;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.server.http1.HeadsAhead;
import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.server.http1.Http1Limits;
import dev.verge.node.server.http2.Http2Guard;
import dev.verge.node.server.http2.StreamsAhead;
import dev.verge.node.server.plain.PlainWay;
import dev.verge.node.site.Routing;
import dev.verge.node.tls.TlsContexts;
import dev.verge.sync.document.Cidr;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes or refuses connections to the edge ports as they are accepted, and puts the node's own handlers into those it takes: the PROXY
 * header first, then TLS, then the guard of the protocol.
 */
public final class ConnectionGate {
    static final String GUARD = "guard";

    /** Time between two requests that clients under load do not reach. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(2);

    /** What the system may hold of a connection that its client has not been sent. */
    private static final long UNSENT_BYTES = 256 * 1024;

    private final Limits limits;
    private final List<Cidr> trustedProxies;
    private final NodeMetrics metrics;
    private final Http1Limits http1;
    private final TlsContexts tls;
    private final Supplier<Routing> routing;
    private final Handshakes handshakes;
    private volatile Duration keepAlive;
    private volatile @Nullable FastPaths fast;
    private final ConcurrentMap<InetAddress, Integer> perClient = new ConcurrentHashMap<>();

    /**
     * One gate for all edge ports of a node.
     *
     * @param trustedProxies peers that may have any number of connections: they speak for many clients
     * @param routing which site serves on which terms
     */
    public ConnectionGate(
            Limits limits, List<Cidr> trustedProxies, NodeMetrics metrics, TlsContexts tls, Supplier<Routing> routing) {
        this.limits = limits;
        this.trustedProxies = trustedProxies;
        this.metrics = metrics;
        this.tls = tls;
        this.routing = routing;
        this.handshakes = new Handshakes(limits, metrics);
        this.keepAlive = limits.keepAlive();
        this.http1 = new Http1Limits(
                limits.requestLineBytes(),
                limits.headerBytes(),
                limits.headerFields(),
                limits.requestsPerConnection(),
                limits.headerTimeout(),
                () -> keepAlive);
    }

    /** From now on a connection waits for no more than a moment for its next request: it is told to close with the answer. */
    public void farewell() {
        keepAlive = limits.keepAlive().compareTo(LAST_WAIT) < 0 ? limits.keepAlive() : LAST_WAIT;
    }

    /** From now on, plain hits of new connections are answered the short way. */
    public void answerAhead(FastPaths paths) {
        fast = paths;
    }

    /** Says who answers the plain requests of the calling event loop; called before it has connections. */
    public void answerPlain(PlainWay way) {
        FastPaths paths = fast;
        if (paths != null) {
            paths.answerElse(way);
        }
    }

    private Optional<HeadsAhead> ahead(Channel connection, Http1Guard guard) {
        FastPaths paths = fast;
        return paths == null ? Optional.empty() : paths.handler(connection, caller(connection, "HTTP/1.1"), guard);
    }

    private Optional<StreamsAhead> streamsAhead(Channel connection) {
        FastPaths paths = fast;
        return paths == null
                ? Optional.empty()
                : paths.streams(connection, caller(connection, "HTTP/2"), limits.requestsPerConnection());
    }

    private Caller caller(Channel connection, String protocol) {
        InetAddress peer = ClientAddress.of(connection);
        ClientTls behind = TlsDoor.of(connection);
        return new Caller(peer, peer, isTrusted(peer), behind == null ? "http" : "https", protocol, behind);
    }

    /**
     * The handler of one kind of port; its messages are the accepted connections.
     *
     * @param secure whether TLS is spoken
     * @param proxied peers that begin with a PROXY header, each of them always
     */
    public ChannelHandler acceptor(boolean secure, List<Cidr> proxied) {
        return new Acceptor(secure, proxied);
    }

    /**
     * Keeps the system from taking megabytes for a client that does not read: copying them would hold up everybody else on the loop, and
     * nobody would know how slow it is. Only Linux has it.
     */
    private static void boundUnsent(Channel connection) {
        var _ = connection.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
    }

    private void refuse(Channel connection) {
        metrics.connectionRefused();
        connection.unsafe().closeForcibly();
    }

    /** Counts a connection of a client until it closes; answers whether it may have it. */
    private boolean enter(Channel connection, InetAddress client) {
        InetAddress network = ClientAddress.network(client);
        if (!counts(network, client)) {
            return false;
        }
        var _ = connection.closeFuture().addListener(closed -> leave(network));
        return true;
    }

    private boolean counts(InetAddress network, InetAddress client) {
        if (perClient.merge(network, 1, Integer::sum) > limits.connectionsPerClient() && !isTrusted(client)) {
            leave(network);
            return false;
        }
        return true;
    }

    /**
     * Counts a connection over QUIC, its handshake under way, with all others.
     *
     * @param connection closed at once if the answer is no
     */
    public boolean enterQuic(Channel connection, InetAddress client) {
        InetAddress network = ClientAddress.network(client);
        if (metrics.connections().incrementAndGet() > limits.connections() || !counts(network, client)) {
            metrics.connections().decrementAndGet();
            metrics.connectionRefused();
            return false;
        }
        if (!handshakes.begin(network, !isTrusted(client))) {
            leave(network);
            metrics.connections().decrementAndGet();
            return false;
        }
        var _ = connection.closeFuture().addListener(closed -> {
            leave(network);
            metrics.connections().decrementAndGet();
        });
        return true;
    }

    /** The handshake of such a connection has ended; told once. */
    public void shookHands(InetAddress client, boolean done) {
        handshakes.end(ClientAddress.network(client));
        metrics.handshake(done ? "done" : "failed");
    }

    private void leave(InetAddress network) {
        perClient.computeIfPresent(network, (address, open) -> open == 1 ? null : open - 1);
    }

    private boolean isTrusted(InetAddress address) {
        return contains(trustedProxies, address);
    }

    private static boolean contains(List<Cidr> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    /** Behind TLS only ALPN chooses HTTP/2 (RFC 9113 §3.2): its preface without that ends the connection. */
    Http1Guard http1BehindTls() {
        return new Http1Guard(http1, prefaceRead -> new Ends(), metrics::refused, this::ahead);
    }

    ChannelHandler http2(int prefaceLeft) {
        return new Http2Guard(prefaceLeft, limits.streamsPerConnection(), metrics::http2Ended, this::streamsAhead);
    }

    /** Lets nothing pass and closes at the first bytes. */
    private static final class Ends extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            var _ = ctx.close();
        }
    }

    @ChannelHandler.Sharable
    private final class Acceptor extends ChannelInboundHandlerAdapter {
        private final boolean secure;
        private final List<Cidr> proxied;

        Acceptor(boolean secure, List<Cidr> proxied) {
            this.secure = secure;
            this.proxied = List.copyOf(proxied);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!(message instanceof Channel connection)) {
                ctx.fireChannelRead(message);
                return;
            }
            if (metrics.connections().incrementAndGet() > limits.connections()) {
                metrics.connections().decrementAndGet();
                refuse(connection);
                return;
            }
            InetAddress peer = ClientAddress.peer(connection);
            boolean names = contains(proxied, peer);
            if (!names && !enter(connection, peer)) {
                // Nobody hears of the end of a connection that was never registered.
                metrics.connections().decrementAndGet();
                refuse(connection);
                return;
            }
            var _ = connection
                    .closeFuture()
                    .addListener(closed -> metrics.connections().decrementAndGet());
            boundUnsent(connection);
            connection.pipeline().addLast("slow-readers", new SlowReader(limits, metrics));
            if (!secure) {
                connection.pipeline().addLast("half-closed", new HalfClosed());
            }
            connection.pipeline().addLast("door", new Door(secure, names));
            ctx.fireChannelRead(message);
        }
    }

    /** Waits until the server library has built the rest of the pipeline. */
    private final class Door extends ChannelInboundHandlerAdapter {
        private final boolean secure;
        private final boolean proxied;

        Door(boolean secure, boolean proxied) {
            this.secure = secure;
            this.proxied = proxied;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (proxied) {
                ctx.pipeline()
                        .addBefore(
                                ctx.name(),
                                "proxied",
                                new ProxiedClient(
                                        limits.headerTimeout(),
                                        client -> named(ctx.channel(), client),
                                        metrics::proxyHeaderRefused));
            }
            if (!secure) {
                ctx.pipeline()
                        .replace(
                                this,
                                GUARD,
                                new Http1Guard(
                                        http1,
                                        ConnectionGate.this::http2,
                                        metrics::refused,
                                        ConnectionGate.this::ahead));
                ctx.fireChannelActive();
                return;
            }
            TlsDoor behind = new TlsDoor(ConnectionGate.this, handshakes, metrics);
            InetAddress peer = ClientAddress.peer(ctx.channel());
            InetAddress network = ClientAddress.network(peer);
            if (!handshakes.begin(network, !proxied && !isTrusted(peer))) {
                var _ = ctx.close();
                return;
            }
            behind.begun(network);
            ctx.pipeline().addAfter(ctx.name(), "behind-tls", behind);
            ctx.pipeline().replace(this, "hello", new TlsHello(tls, routing, limits.handshakeTimeout(), behind));
            ctx.fireChannelActive();
        }

        private boolean named(Channel connection, @Nullable InetAddress client) {
            if (client == null) {
                return true;
            }
            ClientAddress.name(connection, client);
            if (enter(connection, client)) {
                return true;
            }
            metrics.connectionRefused();
            return false;
        }
    }
}
