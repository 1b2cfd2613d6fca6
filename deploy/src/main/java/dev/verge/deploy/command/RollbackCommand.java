package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.client.Applied;
import dev.verge.control.resource.FunctionState;
import dev.verge.control.resource.Status;
import dev.verge.control.resource.VersionSummary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge rollback}. */
@Command(
        name = "rollback",
        description = "Makes an earlier version of a site or function current again, and waits for the nodes.",
        footer = {"", "Example:", "  verge rollback site demo", "  verge rollback function hello --to 3"})
final class RollbackCommand extends ApiCommand {
    private static final Duration WAIT = Duration.ofSeconds(30);

    @Parameters(index = "0", paramLabel = "KIND", description = "site or function.")
    private Kind kind = Kind.SITE;

    @Parameters(index = "1", paramLabel = "NAME", description = "Which one.")
    private String name = "";

    @Option(
            names = "--to",
            paramLabel = "VERSION",
            description = "Which version; the one before the live one when left out.")
    private int version;

    @Override
    int run(ApiClient client, Output output) {
        int target = version > 0
                ? version
                : previous(await(kind == Kind.SITE ? client.siteVersions(name) : client.functionVersions(name)));
        Status status = switch (kind) {
            case SITE -> {
                Applied applied = await(client.rollbackSite(name, target));
                output.line(
                        "site " + name + ": version " + target + " is current again, as version " + applied.version());
                yield NodeWait.status(client, output, () -> client.siteStatus(name), applied.revision(), WAIT);
            }
            case FUNCTION -> {
                FunctionState state = await(client.rollbackFunction(name, target));
                output.line("function " + name + ": version " + target + " takes all traffic again");
                yield NodeWait.status(client, output, () -> client.functionStatus(name), state.revision(), WAIT);
            }
        };
        boolean live = NodeStandings.show(output, status);
        output.value(Map.of("kind", kind.toString(), "name", name, "version", target, "status", status));
        return live ? 0 : CommandFailure.FAILED;
    }

    private int previous(List<VersionSummary> versions) {
        boolean seenLive = false;
        for (VersionSummary candidate : versions) {
            if (seenLive && !candidate.live()) {
                return candidate.version();
            }
            seenLive |= candidate.live();
        }
        throw CommandFailure.failed(kind + " " + name + " has no earlier version to return to");
    }
}
