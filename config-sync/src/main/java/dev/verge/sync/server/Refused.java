package dev.verge.sync.server;

import dev.verge.sync.log.Refusal;
import dev.verge.sync.trust.SignedCommit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys whose newest value a node refuses. A refusal stands until the node has taken in a newer value of its key. The node is not asked
 * again: what it acknowledges without a nack is in force.
 */
final class Refused {
    private static final int MAX_LOOK = 1_024;

    private final String node;
    private final NodeRegistry registry;
    private Map<String, Refusal> keys = Map.of();

    Refused(String node, NodeRegistry registry) {
        this.node = node;
        this.registry = registry;
    }

    /** What the node said itself. */
    void told(Map<String, Refusal> said) {
        keys = said;
    }

    Map<String, Refusal> keys() {
        return keys;
    }

    void nack(long revision, Map<String, String> reasons) {
        Map<String, Refusal> now = new HashMap<>(keys);
        reasons.forEach((key, reason) -> now.put(key, new Refusal(Math.max(1, revision), reason)));
        keys = now;
        registry.refusals(node, keys);
    }

    /** The node has taken in what was not sent by its stream; false when it is not known any more what that was. */
    boolean taken(RecentCommits recent, long after, long upTo) {
        if (keys.isEmpty() || upTo == after) {
            return true;
        }
        List<RecentCommits.Encoded> those = recent.after(after, (int) Math.min(upTo - after, MAX_LOOK));
        if (those == null || upTo - after > MAX_LOOK) {
            return false;
        }
        those.forEach(commit -> forget(commit.commit()));
        return true;
    }

    /** A key was sent, or taken in, anew: a nack for it comes, or came, before the ack. */
    void forget(SignedCommit commit) {
        if (keys.isEmpty()) {
            return;
        }
        Map<String, Refusal> now = new HashMap<>(keys);
        commit.parts().forEach(part -> {
            Refusal refusal = now.get(part.key());
            if (refusal != null && refusal.revision() < commit.revision()) {
                now.remove(part.key());
            }
        });
        if (now.size() != keys.size()) {
            keys = now;
            registry.refusals(node, keys);
        }
    }
}
