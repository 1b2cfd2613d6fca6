package dev.verge.control.node;

import dev.verge.control.log.LogTable;
import dev.verge.control.resource.NodeStanding;
import dev.verge.control.resource.Status;
import dev.verge.control.store.Session;
import dev.verge.sync.document.Placement;
import dev.verge.sync.server.NodeAnswer;
import dev.verge.sync.server.NodeRegistry;

/** How a change stands with each node that was ever connected. */
public final class Standing {

    private Standing() {}

    /** Of the value that {@code key} got in {@code revision}, at the nodes that it is for. */
    public static Status of(Session session, NodeRegistry registry, String key, long revision) {
        return of(registry, key, revision, LogTable.placement(session, key));
    }

    /** The same when it is known which nodes it is for. */
    public static Status of(NodeRegistry registry, String key, long revision, Placement placement) {
        return new Status(
                revision,
                registry.answers(key, revision, placement).stream()
                        .map(Standing::line)
                        .toList());
    }

    private static NodeStanding line(NodeAnswer answer) {
        NodeStanding.State state = switch (answer.state()) {
            case APPLIED -> NodeStanding.State.APPLIED;
            case REFUSED -> NodeStanding.State.REFUSED;
            case PENDING -> NodeStanding.State.PENDING;
        };
        return new NodeStanding(
                answer.node(), answer.connected(), answer.revision(), state, answer.reason(), answer.since());
    }
}
