package dev.verge.node.origin;

import dev.verge.balancer.health.AddressGuard;
import dev.verge.sync.document.Cidr;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.resolver.NameResolver;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Resolves names and lets only allowed addresses through. The answer is addresses, never a name, so what was checked is what is
 * connected to. Names are resolved without blocking and kept for their time to live by Vert.x's resolver. Thread-safe.
 */
public final class Addresses implements AddressGuard {
    /** Sites of this account may use private and loopback origins. */
    private static final String OPERATORS_SCOPE = "default/";

    /** More addresses of one name are left alone: whoever cannot be reached at these will not be found at the next. */
    private static final int MAX_ADDRESSES = 8;

    private final NameResolver resolver;
    private final AddressPolicy policy;

    /**
     * @param allowed what may be reached besides public addresses
     * @param own never reached
     */
    public Addresses(Vertx vertx, List<Cidr> allowed, OwnListeners own) {
        this.resolver = ((VertxInternal) vertx).nameResolver();
        this.policy = new AddressPolicy(allowed, own);
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
        return resolveAll(scope, host, port).map(List::getFirst);
    }

    /** All addresses that may be tried, in the order of RFC 8305 §4: the families in turn, IPv6 first. Never empty. */
    Future<List<SocketAddress>> resolveAll(String scope, String host, int port) {
        boolean privateToo = scope.startsWith(OPERATORS_SCOPE);
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            try {
                return allowed(List.of(InetAddress.getByAddress(literal)), host, port, privateToo);
            } catch (UnknownHostException e) {
                return Future.failedFuture(e);
            }
        }
        return resolver.resolveAll(host)
                .compose(found -> allowed(
                        found.stream().map(InetSocketAddress::getAddress).toList(), host, port, privateToo));
    }

    private Future<List<SocketAddress>> allowed(List<InetAddress> found, String host, int port, boolean privateToo) {
        List<SocketAddress> usable = new ArrayList<>();
        for (InetAddress address : inTurn(found)) {
            if (usable.size() < MAX_ADDRESSES && policy.allows(address, port, privateToo)) {
                usable.add(SocketAddress.inetSocketAddress(port, NetUtil.toAddressString(address)));
            }
        }
        return usable.isEmpty() ? Future.failedFuture(new NotAllowed(host)) : Future.succeededFuture(usable);
    }

    static List<InetAddress> inTurn(List<InetAddress> found) {
        Deque<InetAddress> six = new ArrayDeque<>();
        Deque<InetAddress> four = new ArrayDeque<>();
        for (InetAddress address : found) {
            (address instanceof Inet6Address ? six : four).add(address);
        }
        List<InetAddress> order = new ArrayList<>(found.size());
        while (!six.isEmpty() || !four.isEmpty()) {
            if (!six.isEmpty()) {
                order.add(six.remove());
            }
            if (!four.isEmpty()) {
                order.add(four.remove());
            }
        }
        return order;
    }
}
