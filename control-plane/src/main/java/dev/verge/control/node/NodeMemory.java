package dev.verge.control.node;

import dev.verge.control.replica.Replicas;
import dev.verge.control.store.Database;
import dev.verge.sync.server.NodeRegistry;
import dev.verge.sync.server.NodeState;
import dev.verge.sync.server.Registration;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what nodes last answered in the store, and tells the registry of it at the next start: a node's standing is known although it has
 * not come back yet. Each node's newest state waits in memory until the one writing thread takes all that wait together, and then lets
 * others have the store for a while: however many commits a thousand nodes answer, their rows are written a few times a second.
 */
public final class NodeMemory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMemory.class);

    /** Other control planes wait for the answers of nodes here; nobody does where there is only this one. */
    private static final Duration PAUSE_SHARED = Duration.ofMillis(75);

    private static final Duration PAUSE_ALONE = Duration.ofMillis(500);

    /** Writing takes no more than about a fifth of the store's time. */
    private static final int SHARE = 4;

    private final Database database;
    private final InstantSource clock;
    private final String replica;
    private final Duration pause;
    private final Object lock = new Object();
    private final Map<String, NodeState> waiting = new LinkedHashMap<>();
    private final Thread writer;
    private Registration registration = () -> {};
    private @Nullable NodeRegistry registry;
    private volatile long lastStamp;
    private long last = System.nanoTime() - PAUSE_ALONE.toNanos();
    private boolean closed;

    /**
     * Keeps answers in {@code database} once {@link #follow} was called.
     *
     * @param replica identity of this control plane
     */
    public NodeMemory(Database database, InstantSource clock, String replica) {
        this.database = database;
        this.clock = clock;
        this.replica = replica;
        this.pause = database.shared() ? PAUSE_SHARED : PAUSE_ALONE;
        this.writer = Thread.ofVirtual().name("node-memory").unstarted(this::writeOn);
    }

    /** Tells the registry what is stored, and stores what it learns from now on. Blocks while it reads. */
    public void follow(NodeRegistry registry) {
        this.registry = registry;
        database.read(NodeTable::seen).forEach(known -> registry.remember(known.state()));
        registration = registry.onChange(state -> {
            synchronized (lock) {
                waiting.put(state.node(), state);
                lock.notifyAll();
            }
        });
        writer.start();
    }

    /** Takes over what other control planes have stored of their nodes since the last call. One call at a time; blocks. */
    public void look() {
        NodeRegistry following = Objects.requireNonNull(registry, "it follows");
        database.read(session -> {
            Set<String> alive = Replicas.alive(session);
            for (NodeTable.Known known : NodeTable.changed(session, lastStamp)) {
                lastStamp = known.stamp();
                String at = known.replica();
                if (!replica.equals(at)) {
                    following.elsewhere(known.state(at != null && alive.contains(at)));
                }
            }
            return lastStamp;
        });
    }

    /** Writes again what is known of the nodes whose streams end here. */
    public void again() {
        NodeRegistry following = Objects.requireNonNull(registry, "it follows");
        synchronized (lock) {
            following.local().forEach(state -> waiting.put(state.node(), state));
            lock.notifyAll();
        }
    }

    private void writeOn() {
        long written = 0;
        while (true) {
            List<NodeState> batch;
            synchronized (lock) {
                try {
                    while (waiting.isEmpty() && !closed) {
                        lock.wait();
                    }
                    rest(Math.max(pause.toNanos(), SHARE * written));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
                if (waiting.isEmpty()) {
                    return;
                }
                batch = List.copyOf(waiting.values());
                waiting.clear();
            }
            long begun = System.nanoTime();
            write(batch);
            last = System.nanoTime();
            written = last - begun;
        }
    }

    /** Until so long after the last write; what comes first after a calm waits for nothing. */
    private void rest(long nanos) throws InterruptedException {
        for (long left = last + nanos - System.nanoTime();
                left > 0 && !closed;
                left = last + nanos - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(lock, left);
        }
    }

    private void write(List<NodeState> batch) {
        try {
            boolean all = database.write(
                    session -> NodeTable.answered(session, batch, replica, NodeTable.stamp(session), clock.instant()));
            if (!all) {
                // A node is at another control plane; what that one says of it was passed over until now.
                lastStamp = 0;
            }
        } catch (RuntimeException e) {
            // The next answer of these nodes is written again, and a node tells its position when it connects.
            LOG.warn("the answers of {} nodes could not be stored", batch.size(), e);
        }
    }

    /** Stores what waits, then ends. Blocks. */
    @Override
    public void close() {
        registration.close();
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
