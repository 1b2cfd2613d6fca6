package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.LoadPoint;
import dev.verge.control.resource.NodeComparison;
import dev.verge.control.resource.NodeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code verge nodes}: the fleet. */
@Command(
        name = "nodes",
        description = {
            "Lists the edge nodes: connected or not, how far behind, how busy, what they refused, whether what they have"
                    + " stored is what the log says; drain and undrain take one out of"
                    + " service and back. For operators.",
            "CPU is the machine's; memory that of the node and its function hosts, of what there is."
        },
        subcommands = {NodesCommand.Drain.class, NodesCommand.Undrain.class},
        footer = {"", "Example:", "  verge nodes --json", "  verge nodes drain edge-7", "  verge nodes undrain edge-7"})
final class NodesCommand extends ApiCommand {
    @Override
    int run(ApiClient client, Output output) {
        List<NodeView> nodes = await(client.nodes());
        output.value(nodes);
        output.table(
                List.of(
                        "NODE",
                        "STATE",
                        "SINCE",
                        "REVISION",
                        "BEHIND",
                        "CPU",
                        "MEMORY",
                        "REQ/S",
                        "CONNS",
                        "CACHED",
                        "GROUPS"),
                nodes.stream().map(NodesCommand::row).toList());
        for (NodeView node : nodes) {
            node.refused().forEach((key, reason) -> output.line(node.node() + " refused " + key + ": " + reason));
            NodeComparison last = node.comparison();
            if (last != null && last.differing() > 0) {
                output.line(node.node() + " had another state than the log says at " + last.at() + ", in "
                        + last.differing() + " of 256 parts");
            }
        }
        return 0;
    }

    private static List<String> row(NodeView node) {
        List<String> cells = new ArrayList<>(List.of(
                node.node(),
                state(node),
                node.since() == null ? "never" : node.since().toString(),
                Long.toString(node.revision()),
                Long.toString(node.behind())));
        LoadPoint load = node.load();
        cells.addAll(
                load == null
                        ? List.of("-", "-", "-", "-", "-")
                        : List.of(
                                Math.round(100 * load.cpu()) + "%",
                                mebibytes(load.memoryBytes()) + "/" + mebibytes(load.memoryTotalBytes()) + "M",
                                String.format(Locale.ROOT, "%.1f", load.requestsPerSecond()),
                                Long.toString(load.connections()),
                                mebibytes(load.cacheMemoryBytes() + load.cacheDiskBytes()) + "M"));
        cells.add(node.groups().isEmpty() ? "-" : String.join(" ", node.groups()));
        return cells;
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }

    private static String state(NodeView node) {
        return (node.connected() ? "connected" : "away") + (node.drain() ? ", draining" : "");
    }

    /** {@code verge nodes drain}. */
    @Command(
            name = "drain",
            description = {
                "Orders a node to go out of service: it finishes what it has, and says so at /readyz, where balancers look.",
                "The order holds, over restarts of the node too, until it is taken back."
            },
            footer = {"", "Example:", "  verge nodes drain edge-7"})
    static final class Drain extends ApiCommand {
        @Parameters(paramLabel = "NODE", description = "Which node.")
        private String node = "";

        @Override
        int run(ApiClient client, Output output) {
            return show(output, await(client.drainNode(node)));
        }
    }

    /** {@code verge nodes undrain}. */
    @Command(
            name = "undrain",
            description = "Takes a drain order back.",
            footer = {"", "Example:", "  verge nodes undrain edge-7"})
    static final class Undrain extends ApiCommand {
        @Parameters(paramLabel = "NODE", description = "Which node.")
        private String node = "";

        @Override
        int run(ApiClient client, Output output) {
            return show(output, await(client.undrainNode(node)));
        }
    }

    private static int show(Output output, NodeView node) {
        output.value(node);
        output.line("node " + node.node() + ": " + (node.drain() ? "ordered to drain" : "ordered to serve")
                + (node.connected() ? "" : "; it is away, and hears of it when it is back"));
        return 0;
    }
}
