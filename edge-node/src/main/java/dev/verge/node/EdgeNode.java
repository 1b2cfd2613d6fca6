package dev.verge.node;

import dev.verge.node.config.NodeConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;

/** One running edge node. Thread-safe. */
public final class EdgeNode {
    private final NodeRuntime runtime;

    private EdgeNode(NodeRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Starts a node. May be called from any thread; nothing of it blocks the caller.
     *
     * @return completes when the node accepts connections ({@code /healthz} is 200); configuration and warm-up may still be under
     *     way. Fails with {@link StartFailure}
     */
    public static Future<EdgeNode> start(NodeConfig config) {
        return NodeRuntime.start(config, false, Seams.NONE).map(EdgeNode::new);
    }

    /**
     * {@link #start(NodeConfig)} for who prepares something through the node before it is open: connections wait in the kernel's queue,
     * and are served when {@code opening} has completed.
     */
    public static Future<EdgeNode> start(NodeConfig config, Future<Void> opening) {
        return start(config, new Seams(Clock.systemUTC(), true, true, false, opening));
    }

    /** {@link #start(NodeConfig)} for tests. */
    static Future<EdgeNode> start(NodeConfig config, Seams seams) {
        return NodeRuntime.start(config, false, seams).map(EdgeNode::new);
    }

    /**
     * Starts a node in the place of the process that runs with the same data folder, if there is one: takes its listening sockets,
     * then its folder, and when connections are accepted here the other one drains and ends. Without another one it is {@link
     * #start}.
     *
     * @return completes when only this node accepts connections. Fails with {@link StartFailure}; then the other one goes on
     */
    public static Future<EdgeNode> takeOver(NodeConfig config) {
        return NodeRuntime.start(config, true, Seams.NONE).map(EdgeNode::new);
    }

    /** Completes when the node has ended: it was closed, or another process has taken over and all that was under way is done. */
    public Future<Void> ended() {
        return runtime.ended();
    }

    /**
     * Takes the node out of service and ends it: no new connections, requests under way finish within {@code limits.drain}, then
     * everything is closed. A second call waits for the first.
     */
    public Future<Void> close() {
        return runtime.close();
    }

    /** The clear-text edge port. */
    public int httpPort() {
        return runtime.httpPort();
    }

    /** The TLS edge port. */
    public int httpsPort() {
        return runtime.httpsPort();
    }

    /** The administration port. */
    public int adminPort() {
        return runtime.adminPort();
    }

    public NodeConfig config() {
        return runtime.config();
    }

    /** The Vert.x instance that the node lives on. */
    Vertx vertx() {
        return runtime.vertx();
    }
}
