package dev.verge.node.server;

import dev.verge.node.config.Limits;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.server.http2.Http2Guard;
import dev.verge.sync.document.Cidr;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Takes or refuses connections to the edge ports as they are accepted, and puts the node's own handlers into those it takes. */
@ChannelHandler.Sharable
public final class ConnectionGate extends ChannelInboundHandlerAdapter {
    static final String GUARD = "guard";

    /** Whoever has one address of IPv6 has all that share their first half. */
    private static final int NETWORK_BYTES = 8;
    /** Time between two requests that clients under load do not reach. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(2);

    private final Limits limits;
    private final List<Cidr> trustedProxies;
    private final NodeMetrics metrics;
    private final Http1Guard.Limits http1;
    private volatile Duration keepAlive;
    private final ConcurrentMap<InetAddress, Integer> perClient = new ConcurrentHashMap<>();

    /**
     * One gate for all edge ports of a node.
     *
     * @param trustedProxies peers that may have any number of connections: they speak for many clients
     */
    public ConnectionGate(Limits limits, List<Cidr> trustedProxies, NodeMetrics metrics) {
        this.limits = limits;
        this.trustedProxies = trustedProxies;
        this.metrics = metrics;
        this.keepAlive = limits.keepAlive();
        this.http1 = new Http1Guard.Limits(
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

    /** A connection was accepted. */
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
        InetAddress client = client(connection);
        if (perClient.merge(client, 1, Integer::sum) > limits.connectionsPerClient() && !isTrusted(client)) {
            metrics.connections().decrementAndGet();
            leave(client);
            refuse(connection);
            return;
        }
        var _ = connection.closeFuture().addListener(closed -> {
            metrics.connections().decrementAndGet();
            leave(client);
        });
        connection.pipeline().addLast("slow-readers", new SlowReader(limits, metrics));
        connection.pipeline().addLast("door", new Door());
        ctx.fireChannelRead(message);
    }

    private void refuse(Channel connection) {
        metrics.connectionRefused();
        connection.unsafe().closeForcibly();
    }

    private void leave(InetAddress client) {
        perClient.computeIfPresent(client, (address, open) -> open == 1 ? null : open - 1);
    }

    private boolean isTrusted(InetAddress address) {
        return trustedProxies.stream().anyMatch(network -> network.contains(address));
    }

    private static InetAddress client(Channel connection) {
        InetAddress address = connection.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
                ? peer.getAddress()
                : InetAddress.getLoopbackAddress();
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] network = new byte[2 * NETWORK_BYTES];
        System.arraycopy(address.getAddress(), 0, network, 0, NETWORK_BYTES);
        try {
            return InetAddress.getByAddress(network);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    Http1Guard http1BehindTls() {
        return new Http1Guard(http1, null, metrics::refused);
    }

    ChannelHandler http2(int prefaceLeft) {
        return new Http2Guard(prefaceLeft, limits.streamsPerConnection(), metrics::http2Ended);
    }

    /** Waits until the server library has built the rest of the pipeline, which tells whether TLS is spoken. */
    private final class Door extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (ctx.pipeline().get(SslHandler.class) == null) {
                ctx.pipeline()
                        .replace(this, GUARD, new Http1Guard(http1, ConnectionGate.this::http2, metrics::refused));
            } else {
                ctx.pipeline().addAfter("ssl", "behind-tls", new TlsDoor(ConnectionGate.this));
                ctx.pipeline().remove(this);
            }
            ctx.fireChannelActive();
        }
    }
}
