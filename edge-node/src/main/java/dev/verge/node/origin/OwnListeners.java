package dev.verge.node.origin;

import dev.verge.node.config.ListenAddress;
import dev.verge.node.config.NodeConfig;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where the platform itself listens on this machine: no origin and no function may be there. Thread-safe. */
public final class OwnListeners {
    private final Set<InetAddress> addresses;
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    /**
     * No ports yet.
     *
     * @param addresses this machine's addresses besides loopback
     */
    public OwnListeners(Set<InetAddress> addresses) {
        this.addresses = Set.copyOf(addresses);
    }

    /** The listeners of a node and of a control plane beside it; ports that are not known yet are added later. */
    public static OwnListeners of(NodeConfig config) {
        OwnListeners own = new OwnListeners(addressesOfThisMachine());
        own.add(config.http().listen().port());
        own.add(config.https().listen().port());
        own.add(config.admin().listen().port());
        ListenAddress health = config.health().listen();
        if (health != null) {
            own.add(health.port());
        }
        for (String url : config.controlPlane().urls()) {
            URI uri = URI.create(url);
            own.add(uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80);
        }
        return own;
    }

    /** Port 0 is none. */
    public void add(int port) {
        if (port > 0) {
            ports.add(port);
        }
    }

    boolean holds(InetAddress address, int port) {
        return ports.contains(port) && (address.isLoopbackAddress() || addresses.contains(address));
    }

    private static Set<InetAddress> addressesOfThisMachine() {
        try {
            Set<InetAddress> addresses = new HashSet<>();
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(addresses::add);
            return addresses;
        } catch (SocketException e) {
            return Set.of();
        }
    }
}
