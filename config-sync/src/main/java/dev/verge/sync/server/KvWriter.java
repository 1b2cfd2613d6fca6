package dev.verge.sync.server;

import dev.verge.sync.order.KvWrite;
import io.vertx.core.Future;

/** Takes the changes that functions make to namespaces into the log. Called on streams' threads: it must not block. */
@FunctionalInterface
public interface KvWriter {
    /** Nothing may be changed from nodes. */
    KvWriter NONE =
            (from, write) -> Future.failedFuture(new Refused("this control plane takes no changes from functions"));

    /**
     * A change that a node hands on.
     *
     * @return completes when it is in the log; fails with a {@link Refused}, whose message the function is told, or with anything
     *     else, which it is not
     */
    Future<Void> write(NodeIdentity from, KvWrite write);

    /** Why a change is not made, in words for the function's author. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Refused(String message) {
            super(message, null, false, false);
        }
    }
}
