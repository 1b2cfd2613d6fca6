package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.OriginHealth;
import dev.verge.control.resource.Outage;
import dev.verge.control.resource.SiteOrigins;
import dev.verge.control.resource.SiteOrigins.OriginAtNode;
import dev.verge.control.resource.SiteOrigins.OriginView;
import dev.verge.control.resource.WireJson;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge origins}: how origins stand. */
@Command(
        name = "origins",
        description = {
            "Shows how the origins of sites stand at each node: up, down by active checks, ejected after failed requests, or unknown",
            "where a node is away or does not have the site yet. Exit code 1 when one is out of use somewhere."
        },
        footer = {"", "Example:", "  verge origins", "  verge origins --site shop --outages"})
final class OriginsCommand extends ApiCommand {
    @Option(names = "--site", paramLabel = "SITE", description = "Of this site alone.")
    private @Nullable String site;

    @Option(names = "--outages", description = "When nodes did not use origins, in the last day, newest first.")
    private boolean outages;

    @Override
    int run(ApiClient client, Output output) {
        if (outages) {
            List<Outage> all = await(client.origins().outages(site));
            output.value(WireJson.tree(all));
            output.table(
                    List.of("FROM", "UNTIL", "SITE", "POOL", "ORIGIN", "NODE", "STATE", "REASON"),
                    all.stream()
                            .map(outage -> List.of(
                                    outage.since().toString(),
                                    outage.until() == null
                                            ? "lasts"
                                            : outage.until().toString(),
                                    outage.site(),
                                    outage.pool(),
                                    outage.origin(),
                                    outage.node(),
                                    word(outage.state()),
                                    outage.reason() == null ? "-" : outage.reason()))
                            .toList());
            return 0;
        }
        List<SiteOrigins> sites = await(client.origins().list(site));
        output.value(WireJson.tree(sites));
        output.table(
                List.of("SITE", "POOL", "ORIGIN", "ROLE", "STATE"),
                sites.stream()
                        .flatMap(each -> each.origins().stream().map(origin -> row(each.site(), origin)))
                        .toList());
        return sites.stream()
                        .flatMap(each -> each.origins().stream())
                        .flatMap(origin -> origin.nodes().stream())
                        .anyMatch(node -> node.state() == OriginHealth.DOWN || node.state() == OriginHealth.EJECTED)
                ? CommandFailure.FAILED
                : 0;
    }

    private static List<String> row(String site, OriginView origin) {
        String states = origin.nodes().stream().map(OriginsCommand::at).collect(Collectors.joining(", "));
        return List.of(site, origin.pool(), origin.origin(), origin.role(), states.isEmpty() ? "no nodes" : states);
    }

    private static String at(OriginAtNode node) {
        String text = node.node() + " " + word(node.state());
        if (node.since() != null) {
            text += " since " + node.since();
        }
        return node.reason() == null ? text : text + " (" + node.reason() + ")";
    }

    private static String word(OriginHealth health) {
        return health.name().toLowerCase(Locale.ROOT);
    }
}
