package dev.verge.sync.server;

import io.vertx.core.Future;
import java.util.Optional;

/** Says who holds a node token. */
@FunctionalInterface
public interface NodeAuthenticator {

    /** The node of a token, empty when it is not one or no longer valid. Compares in constant time. */
    Future<Optional<NodeIdentity>> authenticate(String bearerToken);
}
