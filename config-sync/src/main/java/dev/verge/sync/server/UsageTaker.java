package dev.verge.sync.server;

import dev.verge.sync.usage.QuotaShare;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Future;
import java.util.Map;

/** Takes what nodes counted. Called on streams' threads: it must not block. */
@FunctionalInterface
public interface UsageTaker {
    /** Nothing is taken: nodes keep what they can. */
    UsageTaker NONE = (from, usage) -> Future.failedFuture("this control plane keeps no usage");

    /**
     * Intervals of one run of a node's process, in order. They may have come before, here or at another control plane: each counts once.
     * What is said to have gone before and did not arrive is not to be passed over.
     *
     * @return completes when they, and all before them, are stored; the node sends what is not again
     */
    Future<Void> take(NodeIdentity from, Frame.Usage usage);

    /** A node's parts of the quotas of accounts, by account; from any thread. */
    default Map<String, QuotaShare> shares(NodeIdentity of) {
        return Map.of();
    }
}
