package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.NodeView;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code verge nodes}: the fleet. */
@Command(
        name = "nodes",
        description = "Lists the edge nodes: connected or not, how far behind, what they refused. For operators.",
        footer = {"", "Example:", "  verge nodes --json"})
final class NodesCommand extends ApiCommand {
    @Override
    int run(ApiClient client, Output output) {
        List<NodeView> nodes = await(client.nodes());
        output.value(nodes);
        output.table(
                List.of("NODE", "STATE", "SINCE", "REVISION", "BEHIND", "GROUPS"),
                nodes.stream()
                        .map(node -> List.of(
                                node.node(),
                                state(node),
                                node.since() == null ? "never" : node.since().toString(),
                                Long.toString(node.revision()),
                                Long.toString(node.behind()),
                                node.groups().isEmpty() ? "-" : String.join(" ", node.groups())))
                        .toList());
        for (NodeView node : nodes) {
            node.refused().forEach((key, reason) -> output.line(node.node() + " refused " + key + ": " + reason));
        }
        return 0;
    }

    private static String state(NodeView node) {
        return (node.connected() ? "connected" : "away") + (node.drain() ? ", draining" : "");
    }
}
