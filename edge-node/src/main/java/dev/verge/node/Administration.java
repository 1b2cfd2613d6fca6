package dev.verge.node;

import dev.verge.node.admin.AdminServer;
import dev.verge.node.config.ListenAddress;
import dev.verge.node.config.NodeConfig;
import dev.verge.node.origin.OwnListeners;
import dev.verge.node.server.EdgeListeners;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The ports of operators and probes. */
final class Administration {
    private Administration() {}

    /**
     * Opens them. Blocks.
     *
     * @param own hears which ports they are
     * @return the administration port
     */
    static int open(NodeConfig config, Vertx loops, NodeState state, OwnListeners own) {
        int port = listen("admin.listen", config.admin().listen(), new AdminServer(loops, state, false));
        own.add(port);
        ListenAddress health = config.health().listen();
        if (health != null) {
            own.add(listen("health.listen", health, new AdminServer(loops, state, true)));
        }
        return port;
    }

    private static int listen(String setting, ListenAddress address, AdminServer server) {
        return server.listen(address.host(), address.port())
                .recover(e -> Future.failedFuture(new EdgeListeners.CannotListen(setting, address, e)))
                .await();
    }
}
