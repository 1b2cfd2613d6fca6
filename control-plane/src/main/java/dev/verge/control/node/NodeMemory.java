package dev.verge.control.node;

import dev.verge.control.store.Database;
import dev.verge.sync.server.NodeIdentity;
import dev.verge.sync.server.NodeRegistry;
import dev.verge.sync.server.NodeState;
import dev.verge.sync.server.Registration;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what nodes last answered in the store, and tells the registry of it at the next start: a node's standing is known although it has
 * not come back yet. Each node's newest state waits in memory until the one writing thread takes all that wait together, so a thousand
 * answers to a commit are a few transactions.
 */
public final class NodeMemory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMemory.class);

    private final Database database;
    private final InstantSource clock;
    private final Object lock = new Object();
    private final Map<String, NodeState> waiting = new LinkedHashMap<>();
    private final Thread writer;
    private Registration registration = () -> {};
    private boolean closed;

    /** Keeps answers in {@code database} once {@link #follow} was called. */
    public NodeMemory(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.writer = Thread.ofVirtual().name("node-memory").unstarted(this::writeOn);
    }

    /** Tells the registry what is stored, and stores what it learns from now on. Blocks while it reads. */
    public void follow(NodeRegistry registry) {
        database.read(NodeTable::seen).forEach(known -> registry.remember(known.state()));
        registration = registry.onChange(state -> {
            synchronized (lock) {
                waiting.put(state.node(), state);
                lock.notifyAll();
            }
        });
        writer.start();
    }

    /** The node of a token that is live now. */
    public Future<Optional<NodeIdentity>> authenticate(String token) {
        Promise<Optional<NodeIdentity>> promise = Promise.promise();
        Thread.ofVirtual().name("node-token").start(() -> {
            try {
                promise.complete(database.read(session -> NodeTable.authenticate(session, token, clock.instant())));
            } catch (RuntimeException e) {
                promise.fail(e);
            }
        });
        return promise.future();
    }

    private void writeOn() {
        while (true) {
            List<NodeState> batch;
            synchronized (lock) {
                while (waiting.isEmpty() && !closed) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                }
                if (waiting.isEmpty()) {
                    return;
                }
                batch = List.copyOf(waiting.values());
                waiting.clear();
            }
            try {
                database.write(session -> {
                    batch.forEach(state -> NodeTable.answered(session, state, clock.instant()));
                    return batch.size();
                });
            } catch (RuntimeException e) {
                // The next answer of these nodes is written again, and a node tells its position when it connects.
                LOG.warn("the answers of {} nodes could not be stored", batch.size(), e);
            }
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
