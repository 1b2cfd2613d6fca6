package dev.verge.node;

import dev.verge.sync.server.NodeAuthenticator;
import dev.verge.sync.server.NodeIdentity;
import dev.verge.sync.trust.NodeKey;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Knows the node {@code n} by whatever keys were exchanged for the token {@code t}. */
final class OneNode implements NodeAuthenticator {
    private final Map<String, NodeKey> keys = new ConcurrentHashMap<>();
    private final List<String> groups;

    OneNode(List<String> groups) {
        this.groups = groups;
    }

    @Override
    public Future<Optional<NodeIdentity>> find(String node, String key) {
        return Future.succeededFuture(
                Optional.ofNullable(keys.get(key)).map(known -> new NodeIdentity("n", groups, known)));
    }

    @Override
    public Future<String> enrol(String token, NodeKey exchanged) {
        if (!token.equals("t")) {
            return Future.failedFuture(new Refused("no such token"));
        }
        keys.put(exchanged.id(), exchanged);
        return Future.succeededFuture("n");
    }

    @Override
    public Future<Void> shown(NodeIdentity node) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> change(NodeIdentity node, NodeKey next) {
        keys.put(next.id(), next);
        return Future.succeededFuture();
    }
}
