package dev.verge.node;

import dev.verge.node.server.ConnectionGate;
import dev.verge.node.server.EdgeListeners;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** How the clients of a node that ends are sent elsewhere. */
final class Farewell {
    private static final Duration LOOK = Duration.ofMillis(20);

    private final List<EdgeListeners> listeners;
    private final ConnectionGate gate;
    private final AtomicInteger connections;

    Farewell(List<EdgeListeners> listeners, ConnectionGate gate, AtomicInteger connections) {
        this.listeners = listeners;
        this.gate = gate;
        this.connections = connections;
    }

    /**
     * Ends all connections. Blocks.
     *
     * @param limit what is under way has so long
     * @param patiently nobody waits for the end of this process: a connection without a request stays open until its client has
     *     asked once more and heard that it closes, since what a client sends into a closing connection is lost. Otherwise it is
     *     closed at once
     */
    void end(Duration limit, boolean patiently) {
        long end = System.nanoTime() + limit.toNanos();
        if (patiently) {
            gate.farewell();
            Future.join(listeners.stream().map(EdgeListeners::goAway).toList()).await();
            while (connections.get() > 0 && System.nanoTime() < end) {
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        Future.join(listeners.stream().map(each -> each.drain(left)).toList()).await();
    }
}
