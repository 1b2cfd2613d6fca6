package dev.verge.node.origin;

import dev.verge.sync.document.Cidr;
import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses may be connected to. Public ones may; private and loopback ones only where the operator, or the site's own
 * account, may use them; link-local, multicast, unspecified ones and the platform's own listeners never.
 */
public final class AddressPolicy {
    /** Neither public nor anybody's private network: reserved for protocols, documentation and measurements (RFC 6890). */
    private static final List<Cidr> NEVER = networks(
            "0.0.0.0/8",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "192.88.99.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001:db8::/32",
            "2002::/16",
            "::ffff:0:0/96");

    private static final List<Cidr> PRIVATE = networks(
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "198.18.0.0/15",
            "::1/128",
            "fc00::/7");

    private final List<Cidr> allowed;
    private final OwnListeners own;

    /**
     * A policy.
     *
     * @param allowed networks that may be reached besides public addresses
     * @param own where the platform itself listens
     */
    public AddressPolicy(List<Cidr> allowed, OwnListeners own) {
        this.allowed = List.copyOf(allowed);
        this.own = own;
    }

    /**
     * Whether a connection may be made.
     *
     * @param privateToo whether the one who asks may use private and loopback addresses without them being listed
     */
    public boolean allows(InetAddress address, int port, boolean privateToo) {
        if (own.holds(address, port) || anyHolds(NEVER, address)) {
            return false;
        }
        return !anyHolds(PRIVATE, address) || privateToo || anyHolds(allowed, address);
    }

    private static boolean anyHolds(List<Cidr> networks, InetAddress address) {
        for (Cidr network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static List<Cidr> networks(String... texts) {
        return List.of(texts).stream().map(Cidr::parse).toList();
    }
}
