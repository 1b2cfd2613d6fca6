package dev.verge.node.server.http3;

import dev.verge.node.config.Limits;
import dev.verge.node.config.ListenAddress;
import dev.verge.node.observe.MemoryWatch;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.server.ConnectionGate;
import dev.verge.node.server.EdgeListeners.CannotListen;
import dev.verge.node.server.SideDoor;
import dev.verge.node.tls.QuicTls;
import dev.verge.sync.document.Cidr;
import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicCodecDispatcher;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * HTTP/3 of a whole node: one UDP socket for each event loop, all on one port. The kernel deals packets out by address; those that belong
 * to a connection of another loop, because its client has moved, are handed over by the connection id, which names the loop.
 */
public final class Http3Doors {
    /** New clients prove their address while more than this part of {@code limits.handshakes} is under way. */
    private static final int BUSY_PART = 16;

    private final Settings settings;
    private final boolean patient;
    private final RetryTokens tokens;
    private final Dispatcher dispatcher = new Dispatcher();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean free = new AtomicBoolean();

    /**
     * What all loops have in common.
     *
     * @param listen address of the TLS listener
     * @param draining set once the node goes out of service
     */
    public record Settings(
            ListenAddress listen,
            Limits limits,
            List<Cidr> trustedProxies,
            ConnectionGate gate,
            QuicTls tls,
            NodeMetrics metrics,
            MemoryWatch memory,
            AtomicBoolean draining,
            Clock clock) {}

    /**
     * No socket yet.
     *
     * @param patient whether another process may hold the port for a while, which is then waited for
     */
    public Http3Doors(Settings settings, boolean patient) {
        this.settings = settings;
        this.patient = patient;
        this.tokens = new RetryTokens(
                () -> (settings.metrics().handshakes().get() + 1L) * BUSY_PART
                        > settings.limits().handshakes(),
                settings.metrics().http3()::retried,
                () -> TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()));
    }

    /** The way in of one event loop. */
    public SideDoor next() {
        return new Http3Door(this);
    }

    /** Whether requests are taken now. */
    public boolean isOpen() {
        return open.get() > 0;
    }

    void opened() {
        open.incrementAndGet();
    }

    void closed() {
        open.decrementAndGet();
    }

    Settings settings() {
        return settings;
    }

    boolean isPatient() {
        return patient;
    }

    RetryTokens tokens() {
        return tokens;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    /**
     * Whether nobody else has the port. Sockets that share it, as those of the loops do, would split the packets with another process
     * without a word.
     */
    synchronized Optional<CannotListen> taken(InetSocketAddress address) {
        if (free.get()) {
            return Optional.empty();
        }
        try (DatagramSocket probe = new DatagramSocket(null)) {
            probe.setReuseAddress(false);
            probe.bind(address);
            free.set(true);
            return Optional.empty();
        } catch (SocketException e) {
            return Optional.of(cannot(address.getPort(), e));
        }
    }

    CannotListen cannot(int port, Throwable cause) {
        return new CannotListen(
                "https.http3 (UDP)", new ListenAddress(settings.listen().host(), port), cause);
    }

    /** Hands each packet to the loop of its connection. */
    static final class Dispatcher extends QuicCodecDispatcher {
        private static final AttributeKey<Http3Door> DOOR = AttributeKey.valueOf("verge.http3");

        static void of(Channel socket, Http3Door door) {
            socket.attr(DOOR).set(door);
        }

        @Override
        protected void initChannel(Channel socket, int idLength, QuicConnectionIdGenerator ids) throws IOException {
            Http3Door door = socket.attr(DOOR).get();
            if (door == null) {
                throw new IOException("a socket of no loop");
            }
            socket.pipeline().addLast(door.codec(idLength, ids));
        }
    }

    /** How often a port that another process still has is looked at. */
    static final Duration LOOK_AGAIN = Duration.ofMillis(250);
}
