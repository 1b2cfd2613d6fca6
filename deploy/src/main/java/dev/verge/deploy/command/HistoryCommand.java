package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.VersionSummary;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code verge history}. */
@Command(
        name = "history",
        description = "Lists the versions of a site or function, newest first.",
        footer = {"", "Example:", "  verge history site demo"})
final class HistoryCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "KIND", description = "site or function.")
    private Kind kind = Kind.SITE;

    @Parameters(index = "1", paramLabel = "NAME", description = "Which one.")
    private String name = "";

    @Override
    int run(ApiClient client, Output output) {
        List<VersionSummary> versions = switch (kind) {
            case SITE -> await(client.siteVersions(name));
            case FUNCTION -> await(client.functionVersions(name));
        };
        output.value(versions);
        output.table(
                List.of("VERSION", "LIVE", "CREATED", "BY", "SHA256"),
                versions.stream()
                        .map(version -> List.of(
                                Integer.toString(version.version()),
                                version.live() ? "live" : "",
                                version.createdAt().toString(),
                                version.createdBy(),
                                version.sha256()
                                        .substring(
                                                0, Math.min(12, version.sha256().length()))))
                        .toList());
        return 0;
    }
}
