package dev.verge.deploy.local;

import dev.verge.sync.server.NodeAuthenticator;
import dev.verge.sync.server.NodeIdentity;
import dev.verge.sync.trust.NodeKey;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Knows the one node of this process, by the keys that it exchanged its token for. */
final class OnlyNode implements NodeAuthenticator {
    static final String NAME = "local";

    private static final int TOKEN_BYTES = 32;

    private final Map<String, NodeKey> keys = new ConcurrentHashMap<>();
    private final String token;

    OnlyNode() {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        token = HexFormat.of().formatHex(random);
    }

    /** What the node is started with; nobody else hears it. */
    String token() {
        return token;
    }

    @Override
    public Future<Optional<NodeIdentity>> find(String node, String key) {
        return Future.succeededFuture(
                Optional.ofNullable(keys.get(key)).map(known -> new NodeIdentity(NAME, List.of(), known)));
    }

    @Override
    public Future<String> enrol(String shown, NodeKey exchanged) {
        if (!shown.equals(token) || !keys.isEmpty()) {
            return Future.failedFuture(new Refused("no such token"));
        }
        keys.put(exchanged.id(), exchanged);
        return Future.succeededFuture(NAME);
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
