package dev.verge.balancer.health;

import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;

/**
 * Resolves the host of an origin and says whether it may be reached. Probes connect to the address returned, and to no
 * other, so that a name cannot change its meaning between check and connect.
 */
@FunctionalInterface
public interface AddressGuard {

    /**
     * The address to connect to. Fails when the host does not resolve, or when none of its addresses may be reached.
     *
     * @param scope who asks, as given to {@code UpstreamPools.update}
     * @param host name or address, without brackets
     */
    Future<SocketAddress> resolve(String scope, String host, int port);
}
