package dev.verge.sync.server;

import dev.verge.sync.log.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a node.
 *
 * @param connected whether its stream stands
 * @param since when {@code connected} last changed
 * @param software version of the node, empty before its first contact
 * @param acked last revision that it took in
 * @param ackedAt when it said so
 * @param refused keys whose newest value it refused
 * @param comparison the last one; null before there was any
 */
public record NodeState(
        String node,
        List<String> groups,
        boolean connected,
        Instant since,
        String software,
        long acked,
        Instant ackedAt,
        Map<String, Refusal> refused,
        @Nullable Comparison comparison) {
    public NodeState {
        groups = List.copyOf(groups);
        refused = Map.copyOf(refused);
    }

    NodeState disconnected(Instant now) {
        return new NodeState(node, groups, false, now, software, acked, ackedAt, refused, comparison);
    }

    NodeState acked(long revision, Instant now) {
        return new NodeState(node, groups, connected, since, software, revision, now, refused, comparison);
    }

    NodeState refused(Map<String, Refusal> keys) {
        return new NodeState(node, groups, connected, since, software, acked, ackedAt, keys, comparison);
    }

    NodeState compared(@Nullable Comparison last) {
        return new NodeState(node, groups, connected, since, software, acked, ackedAt, refused, last);
    }
}
