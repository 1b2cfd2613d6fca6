package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.WarmupReport;
import dev.verge.control.resource.WarmupRequest;
import dev.verge.sync.order.SiteWarmup;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge warmup}: fills the nodes' caches before clients come. */
@Command(
        name = "warmup",
        description = {
            "Has every live node fetch URLs of a site as a client would, so that they are cached when clients come.",
            "Exit code 1 when a node could not, or got an answer of 400 or above."
        },
        footer = {
            "",
            "Example:",
            "  verge warmup --site shop --url https://shop.example/ --url /app.js",
            "  verge warmup --site shop --url https://shop.example/app.js -H 'Accept-Encoding: gzip'"
        })
final class WarmupCommand extends ApiCommand {
    private static final int FIRST_ERROR = 400;

    @Option(names = "--site", required = true, paramLabel = "SITE", description = "The site.")
    private String site = "";

    @Option(
            names = "--url",
            required = true,
            arity = "1..*",
            paramLabel = "URL",
            description =
                    "Absolute URLs of the site, or paths for each of its hosts by https and http, which are cached apart.")
    private List<String> urls = List.of();

    @Option(
            names = {"-H", "--header"},
            paramLabel = "FIELD",
            description = "A header field of each request, NAME: VALUE.")
    private List<String> headers = List.of();

    @Override
    int run(ApiClient client, Output output) {
        WarmupReport report = await(client.warm(site, new WarmupRequest(urls, InvokeCommand.fields(headers))));
        output.value(report);
        boolean good = true;
        for (WarmupReport.NodeWarmup node : report.nodes()) {
            if (node.results().isEmpty()) {
                good = false;
                output.line(
                        "  " + node.node() + "  " + output.colour(Output.Colour.RED, "failed") + ": " + node.reason());
            }
            for (int i = 0; i < node.results().size(); i++) {
                SiteWarmup.WarmupResult result = node.results().get(i);
                boolean fetched = result.reason().isEmpty() && result.status() < FIRST_ERROR;
                good &= fetched;
                output.line("  " + node.node() + "  "
                        + output.colour(
                                fetched ? Output.Colour.GREEN : Output.Colour.RED,
                                result.status() == 0 ? "failed" : Integer.toString(result.status()))
                        + "  " + report.urls().get(i) + "  "
                        + (result.reason().isEmpty() ? result.cacheStatus() : result.reason()));
            }
        }
        return good ? 0 : CommandFailure.FAILED;
    }
}
