package dev.verge.deploy.command;

import dev.verge.control.resource.NodeStanding;
import dev.verge.control.resource.Status;
import dev.verge.deploy.command.Output.Colour;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Shows where a change is live, node by node. */
final class NodeStandings {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private NodeStandings() {}

    /**
     * Prints a line for each node.
     *
     * @return whether no node refused it and no connected one still owes its answer
     */
    static boolean show(Output output, Status status) {
        if (status.nodes().isEmpty()) {
            output.line("  no node has ever connected; it will go live on the first one that does");
            return true;
        }
        boolean good = true;
        for (NodeStanding node : status.nodes()) {
            String line = "  " + node.node() + "  ";
            @Nullable String since = node.since() == null ? null : TIME.format(node.since());
            switch (node.state()) {
                case APPLIED ->
                    output.line(line + output.colour(Colour.GREEN, "live") + (since == null ? "" : " since " + since));
                case REFUSED -> {
                    good = false;
                    output.complaint(
                            line + output.colour(Colour.RED, "refused") + ": " + String.valueOf(node.reason()));
                }
                case PENDING -> {
                    good &= !node.connected();
                    output.line(line
                            + (node.connected()
                                    ? output.colour(Colour.YELLOW, "pending")
                                    : "away; gets it when it is back"));
                }
            }
        }
        return good;
    }
}
