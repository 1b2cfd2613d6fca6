package dev.verge.control.node;

import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import dev.verge.sync.server.NodeAuthenticator;
import dev.verge.sync.server.NodeIdentity;
import dev.verge.sync.trust.NodeKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** The nodes' keys as streams ask for them; every question is asked of the store, so a revocation counts at once. */
public final class NodeKeys implements NodeAuthenticator {
    private final Database database;
    private final InstantSource clock;

    /** Keys in {@code database}. */
    public NodeKeys(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Future<Optional<NodeIdentity>> find(String node, String key) {
        return off(() -> database.read(session -> NodeKeyTable.find(session, node, key)));
    }

    @Override
    public Future<String> enrol(String token, NodeKey keys) {
        return off(() -> database.write(session -> NodeKeyTable.enrol(session, token, keys, clock.instant())));
    }

    @Override
    public Future<Void> shown(NodeIdentity node) {
        String key = node.key().id();
        return off(() -> {
                    if (database.read((Session session) -> NodeKeyTable.others(session, node.node(), key))) {
                        database.write(session -> {
                            NodeKeyTable.shown(session, node.node(), key);
                            return true;
                        });
                    }
                    return true;
                })
                .mapEmpty();
    }

    @Override
    public Future<Void> change(NodeIdentity node, NodeKey next) {
        return off(() -> database.write(session -> {
                    NodeKeyTable.change(session, node.node(), node.key().id(), next, clock.instant());
                    return true;
                }))
                .mapEmpty();
    }

    private static <T> Future<T> off(Supplier<T> work) {
        Promise<T> promise = Promise.promise();
        Thread.ofVirtual().name("node-key").start(() -> {
            try {
                promise.complete(work.get());
            } catch (RuntimeException e) {
                promise.fail(e);
            }
        });
        return promise.future();
    }
}
