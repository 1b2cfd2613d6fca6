package dev.verge.node;

import dev.verge.node.config.NodeConfig;
import io.vertx.core.Future;

/** One running edge node. Thread-safe. */
public final class EdgeNode {
    private final NodeConfig config;

    private EdgeNode(NodeConfig config) {
        this.config = config;
    }

    /** Starts a node. */
    public static Future<EdgeNode> start(NodeConfig config) {
        return Future.succeededFuture(new EdgeNode(config));
    }

    /** Drains. */
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    /** What it was started with. */
    public NodeConfig config() {
        return config;
    }
}
