package dev.verge.node.origin;

import dev.verge.balancer.health.AddressGuard;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.resolver.NameResolver;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Resolves names and lets only allowed addresses through. The answer is an address, never a name, so what was checked is what is
 * connected to. Names are resolved without blocking and kept for their time to live by Vert.x's resolver. Thread-safe.
 */
public final class Addresses implements AddressGuard {
    /** Sites of this account may use private and loopback origins. */
    private static final String OPERATORS_SCOPE = "default/";

    private final NameResolver resolver;
    private final AddressPolicy policy;

    public Addresses(Vertx vertx, AddressPolicy policy) {
        this.resolver = ((VertxInternal) vertx).nameResolver();
        this.policy = policy;
    }

    /** No address of the name may be reached. */
    public static final class NotAllowed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAllowed(String host) {
            super("no address of " + host + " may be reached from here", null, false, false);
        }
    }

    /** @param scope {@code ACCOUNT/SITE} on whose behalf the connection is made */
    @Override
    public Future<SocketAddress> resolve(String scope, String host, int port) {
        boolean privateToo = scope.startsWith(OPERATORS_SCOPE);
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            try {
                return pick(List.of(InetAddress.getByAddress(literal)), host, port, privateToo);
            } catch (UnknownHostException e) {
                return Future.failedFuture(e);
            }
        }
        return resolver.resolveAll(host)
                .compose(found ->
                        pick(found.stream().map(InetSocketAddress::getAddress).toList(), host, port, privateToo));
    }

    private Future<SocketAddress> pick(List<InetAddress> found, String host, int port, boolean privateToo) {
        for (InetAddress address : found) {
            if (policy.allows(address, port, privateToo)) {
                return Future.succeededFuture(SocketAddress.inetSocketAddress(port, NetUtil.toAddressString(address)));
            }
        }
        return Future.failedFuture(new NotAllowed(host));
    }
}
