package dev.verge.sync.end2end;

import dev.verge.sync.server.NodeAuthenticator;
import dev.verge.sync.server.NodeIdentity;
import dev.verge.sync.trust.NodeKey;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nodes in memory. Tokens are {@code token-NODE}; groups are {@code all}, unless a test says otherwise. */
final class TestNodes implements NodeAuthenticator {
    private static final String TOKEN = "token-";

    final Map<String, List<String>> groups = new HashMap<>();
    private final Map<String, NodeIdentity> byKey = new HashMap<>();
    private final Map<String, String> exchanged = new HashMap<>();

    @Override
    public synchronized Future<Optional<NodeIdentity>> find(String node, String key) {
        return Future.succeededFuture(Optional.ofNullable(byKey.get(key))
                .filter(known -> known.node().equals(node))
                .map(known -> identity(node, known.key())));
    }

    private NodeIdentity identity(String node, NodeKey key) {
        return new NodeIdentity(node, groups.getOrDefault(node, List.of("all")), key);
    }

    @Override
    public synchronized Future<String> enrol(String token, NodeKey keys) {
        if (!token.startsWith(TOKEN)) {
            return Future.failedFuture(new Refused("no such token"));
        }
        String node = token.substring(TOKEN.length());
        if (!exchanged.computeIfAbsent(token, first -> keys.id()).equals(keys.id())) {
            return Future.failedFuture(new Refused("the token was exchanged already"));
        }
        byKey.put(keys.id(), identity(node, keys));
        return Future.succeededFuture(node);
    }

    @Override
    public synchronized Future<Void> shown(NodeIdentity node) {
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Void> change(NodeIdentity node, NodeKey next) {
        byKey.put(next.id(), identity(node.node(), next));
        return Future.succeededFuture();
    }

    /** The keys of a node count no more. */
    synchronized void revoke(String node) {
        byKey.values().removeIf(known -> known.node().equals(node));
    }

    /** How many keys count. */
    synchronized int keys() {
        return byKey.size();
    }
}
