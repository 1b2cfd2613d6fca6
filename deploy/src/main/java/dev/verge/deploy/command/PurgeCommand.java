package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.PurgeOrder;
import dev.verge.control.resource.PurgeStarted;
import dev.verge.control.resource.PurgeState;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge purge}: makes nodes forget what they have cached. */
@Command(
        name = "purge",
        description = "Removes cached content of a site from every node, or marks it as stale.",
        footer = {
            "",
            "Example:",
            "  verge purge --site demo --url / --wait",
            "  verge purge --site demo --prefix /css/ --soft",
            "  verge purge --site demo --all"
        })
final class PurgeCommand extends ApiCommand {
    @Option(names = "--site", required = true, paramLabel = "SITE", description = "The site.")
    private String site = "";

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Target target = new Target();

    /** Exactly one of these. */
    static final class Target {
        @Option(
                names = "--url",
                arity = "1..*",
                paramLabel = "URL",
                description = "URLs, or paths for every host of the site.")
        private List<String> urls = List.of();

        @Option(names = "--prefix", arity = "1..*", paramLabel = "PREFIX", description = "Everything below; likewise.")
        private List<String> prefixes = List.of();

        @Option(
                names = "--tag",
                arity = "1..*",
                paramLabel = "TAG",
                description = "What carries one of these cache tags.")
        private List<String> tags = List.of();

        @Option(names = "--all", description = "Everything of the site.")
        private boolean all;

        PurgeOrder order(boolean soft) {
            if (all) {
                return PurgeOrder.everything(soft);
            }
            if (!urls.isEmpty()) {
                return PurgeOrder.urls(urls, soft);
            }
            return prefixes.isEmpty() ? PurgeOrder.tags(tags, soft) : PurgeOrder.prefixes(prefixes, soft);
        }
    }

    @Option(names = "--soft", description = "Marks as stale: it may still be served while it is being revalidated.")
    private boolean soft;

    @Option(names = "--wait", description = "Waits until every connected node has done it.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Override
    int run(ApiClient client, Output output) {
        PurgeStarted started = await(client.startPurge(site, target.order(soft)));
        if (!wait) {
            output.value(started);
            output.line("purge " + started.id() + " of site " + site + ": ordered; --wait waits for the nodes");
            return 0;
        }
        PurgeState state = NodeWait.purge(client, output, started.id(), Duration.ofSeconds(Math.max(1, seconds)));
        output.value(state);
        boolean done = state.state() == PurgeState.State.DONE;
        output.line("purge " + started.id() + " of site " + site + ": " + (done ? "done" : "still running"));
        for (PurgeState.NodeLine node : state.nodes()) {
            output.line("  " + node.node() + "  "
                    + switch (node.state()) {
                        case DONE -> output.colour(Output.Colour.GREEN, "done");
                        case REFUSED -> output.colour(Output.Colour.RED, "refused") + ": " + node.reason();
                        case PENDING ->
                            node.connected()
                                    ? output.colour(Output.Colour.YELLOW, "pending")
                                    : "away; does it before it serves again";
                    });
        }
        boolean refused = state.nodes().stream().anyMatch(node -> node.state() == PurgeState.NodeDone.REFUSED);
        return done && !refused ? 0 : CommandFailure.FAILED;
    }
}
