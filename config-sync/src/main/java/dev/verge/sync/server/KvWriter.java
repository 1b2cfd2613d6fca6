package dev.verge.sync.server;

import dev.verge.sync.order.KvUpload;
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

    /**
     * A change whose value, longer than {@link dev.verge.sync.log.KvEntry#MAX_INLINE_BYTES} as a rule, is handed on in pieces. Here they
     * are gathered in memory; who takes many keeps them elsewhere.
     *
     * @return its calls come from the stream's context, and fail as {@link #write} does
     * @throws Refused when the change cannot be made
     */
    default KvUpload upload(NodeIdentity from, KvWrite write) {
        return new WholeUpload(this, from, write);
    }

    /** Why a change is not made, in words for the function's author. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Refused(String message) {
            super(message, null, false, false);
        }
    }
}
