package dev.verge.sync.server;

import dev.verge.sync.trust.NodeKey;
import io.vertx.core.Future;
import java.util.Optional;

/** Says which nodes there are and by which keys they show who they are. Futures may complete on any thread. */
public interface NodeAuthenticator {

    /** A node and one of its keys by their names; empty when there is no such node, or the key does not count (any more). */
    Future<Optional<NodeIdentity>> find(String node, String key);

    /**
     * Exchanges a token, once, for a node's own keys; the same exchange again has the same answer.
     *
     * @return the node's name; fails with {@link Refused} when the token is none, has ended or was exchanged for other keys
     */
    Future<String> enrol(String token, NodeKey keys);

    /** A node has shown this key: others that it had count no more. */
    Future<Void> shown(NodeIdentity node);

    /** A node changes to new keys; the one that it has shown counts until it shows the new one. */
    Future<Void> change(NodeIdentity node, NodeKey next);

    /** Why a token is not taken. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Refused(String message) {
            super(message, null, false, false);
        }
    }
}
