package dev.verge.node.server;

import dev.verge.node.config.Limits;
import dev.verge.node.observe.NodeMetrics;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** TLS handshakes under way, in all and of each client: a flood of them, or of ones that never end, leaves room for others. */
final class Handshakes {
    private final int most;
    private final int mostOfClient;
    private final NodeMetrics metrics;
    private final ConcurrentMap<InetAddress, Integer> perClient = new ConcurrentHashMap<>();

    Handshakes(Limits limits, NodeMetrics metrics) {
        this.most = limits.handshakes();
        this.mostOfClient = limits.handshakesPerClient();
        this.metrics = metrics;
    }

    /**
     * Whether another one may begin; if so, its end is to be told by {@link #end}.
     *
     * @param bounded whether the client speaks for itself alone
     */
    boolean begin(InetAddress client, boolean bounded) {
        if (metrics.handshakes().incrementAndGet() > most) {
            metrics.handshakes().decrementAndGet();
            metrics.handshake("refused");
            return false;
        }
        if (perClient.merge(client, 1, Integer::sum) > mostOfClient && bounded) {
            metrics.handshake("refused");
            end(client);
            return false;
        }
        return true;
    }

    void end(InetAddress client) {
        metrics.handshakes().decrementAndGet();
        perClient.computeIfPresent(client, (address, open) -> open == 1 ? null : open - 1);
    }
}
