package dev.verge.node;

import dev.verge.node.config.NodeConfig;
import dev.verge.node.server.ConnectionGate;
import dev.verge.node.server.EdgeTransport;
import dev.verge.node.server.ListeningSockets;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's event loops, one for each core. */
final class EventLoops {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeNode.class);

    private EventLoops() {}

    /**
     * Makes them, with the node's handlers in front of each connection.
     *
     * @param nativeTransport whether to use the system's own way to wait for many connections, where there is one
     */
    static Vertx create(NodeConfig config, boolean nativeTransport, ListeningSockets sockets, ConnectionGate gate) {
        EdgeTransport transport = EdgeTransport.of(
                nativeTransport,
                sockets,
                gate.acceptor(false, config.http().proxyProtocol().from()),
                gate.acceptor(true, config.https().proxyProtocol().from()));
        Vertx loops = Vertx.builder()
                .with(new VertxOptions()
                        .setAddressResolverOptions(new AddressResolverOptions()
                                .setServers(config.dns().servers()))
                        .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors()))
                .withTransport(transport)
                .build();
        if (!transport.isNative()) {
            LOG.warn("native transport is not available: the node is slower than it could be");
        }
        return loops;
    }
}
