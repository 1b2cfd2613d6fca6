package dev.verge.sync.server;

import dev.verge.sync.log.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is known of a node.
 *
 * @param connected whether its stream stands
 * @param since when {@code connected} last changed
 * @param software version of the node, empty before its first contact
 * @param acked last revision that it took in
 * @param ackedAt when it said so
 * @param refused keys whose newest value it refused
 */
public record NodeState(
        String node,
        List<String> groups,
        boolean connected,
        Instant since,
        String software,
        long acked,
        Instant ackedAt,
        Map<String, Refusal> refused) {
    public NodeState {
        groups = List.copyOf(groups);
        refused = Map.copyOf(refused);
    }
}
