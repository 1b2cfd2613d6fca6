package dev.verge.node;

import dev.verge.node.config.NodeConfig;
import dev.verge.node.observe.MemoryWatch;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.server.ConnectionGate;
import dev.verge.node.server.SideDoor;
import dev.verge.node.server.http3.Http3Doors;
import dev.verge.node.site.Routing;
import dev.verge.node.tls.QuicTls;
import dev.verge.node.tls.TlsContexts;
import dev.verge.sync.document.HostPattern;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** HTTP/3 of a node, where {@code https.http3} switches it on; else nothing of it is loaded. */
final class QuicWay implements AutoCloseable {
    private final @Nullable QuicTls tls;
    private final @Nullable Http3Doors doors;
    private final NodeState state;

    private QuicWay(@Nullable QuicTls tls, @Nullable Http3Doors doors, NodeState state) {
        this.tls = tls;
        this.doors = doors;
        this.state = state;
    }

    /** @param takesOver whether another process has the port until it has ended */
    static QuicWay of(
            NodeConfig config,
            boolean takesOver,
            TlsContexts contexts,
            Supplier<Routing> routing,
            ConnectionGate gate,
            NodeMetrics metrics,
            MemoryWatch memory,
            NodeState state,
            Clock clock) {
        if (!config.https().http3()) {
            return new QuicWay(null, null, state);
        }
        QuicTls tls =
                new QuicTls(contexts, name -> routing.get().terms(name == null ? null : HostPattern.canonical(name)));
        Http3Doors doors = new Http3Doors(
                new Http3Doors.Settings(
                        config.https().listen(),
                        config.limits(),
                        config.trustedProxies(),
                        gate,
                        tls,
                        metrics,
                        memory,
                        state.draining(),
                        clock),
                takesOver);
        return new QuicWay(tls, doors, state);
    }

    /** The way in of one event loop. */
    SideDoor door() {
        Http3Doors known = doors;
        return known == null ? SideDoor.NONE : known.next();
    }

    /** Whether clients may be told to come this way. */
    boolean isOpen() {
        Http3Doors known = doors;
        return known != null && known.isOpen() && !state.draining().get();
    }

    @Override
    public void close() {
        QuicTls known = tls;
        if (known != null) {
            known.close();
        }
    }
}
