package dev.verge.node.server;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a connection: the peer, or whom a believed PROXY header names. */
final class ClientAddress {
    private static final AttributeKey<InetAddress> NAMED = AttributeKey.valueOf("verge.proxied");

    /** Whoever has one address of IPv6 has all that share their first half. */
    private static final int NETWORK_BYTES = 8;

    private ClientAddress() {}

    static void name(Channel connection, InetAddress address) {
        connection.attr(NAMED).set(address);
    }

    static InetAddress of(Channel connection) {
        InetAddress named = connection.attr(NAMED).get();
        return named != null ? named : peer(connection);
    }

    /** The other end of the connection itself. */
    static InetAddress peer(Channel connection) {
        @Nullable
        InetAddress address = connection.remoteAddress() instanceof InetSocketAddress peer ? peer.getAddress() : null;
        return address != null ? address : InetAddress.getLoopbackAddress();
    }

    /** By what clients are told apart in bounds. */
    static InetAddress network(InetAddress address) {
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
}
