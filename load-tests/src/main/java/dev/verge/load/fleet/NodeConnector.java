package dev.verge.load.fleet;

import io.vertx.core.Future;

/** How simulated nodes reach their control plane. */
interface NodeConnector {
    /** Connects a node that has exchanged its token; completes when it follows the log. */
    Future<Void> connect(SimulatedNode node);
}
