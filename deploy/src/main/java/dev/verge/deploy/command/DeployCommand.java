package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.client.ApiProblem;
import dev.verge.control.resource.Deployment;
import dev.verge.control.resource.FunctionState;
import dev.verge.control.resource.Pushed;
import dev.verge.control.resource.Share;
import dev.verge.control.resource.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge deploy}: pushes a version of a function and gives it traffic. */
@Command(
        name = "deploy",
        description = {
            "Pushes a new version of a function and gives it traffic.",
            "Waits until it is live on every node, and says where and since when. A folder holds modules (.js .mjs .json .txt .html"
                    + " .css .sql .wasm .bin) and function.yaml: main, limits, egress, kv, services, vars, and name, schedules."
        },
        footer = {
            "",
            "Example:",
            "  verge deploy hello.js --name hello",
            "  verge deploy functions/checkout --percent 10"
        })
final class DeployCommand extends ApiCommand {
    private static final int ALL = 100;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|FILE",
            defaultValue = ".",
            description = "A JavaScript file, or a folder with function.yaml (default: this folder).")
    private Path path = Path.of("");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the function (default: the manifest's or the file's).")
    private String name = "";

    @Option(
            names = "--percent",
            paramLabel = "N",
            defaultValue = "100",
            description = "Part of the traffic for the new version; the version with most of it keeps the rest.")
    private int percent;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for the nodes (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Override
    int run(ApiClient client, Output output) {
        if (percent < 0 || percent > ALL) {
            throw CommandFailure.wrongUsage("--percent: " + percent + " is not from 0 to 100");
        }
        FunctionSources sources = FunctionSources.read(environment(), path);
        String function = name.isEmpty() ? sources.name() : name;
        @Nullable FunctionState before = percent == ALL ? null : current(client, function);
        Pushed pushed = await(client.pushFunction(function, sources.upload(), percent == ALL));
        output.line("function " + function + ": version " + pushed.version() + " pushed, " + pushed.sizeBytes()
                + " bytes, sha256 " + pushed.sha256().substring(0, 12));
        if (sources.schedules() != null) {
            List<String> schedules = await(client.of(function).setSchedules(sources.schedules()));
            output.line(schedules.isEmpty() ? "schedules: none" : "schedules: " + String.join(", ", schedules));
        }
        long revision = before == null
                ? pushed.revision()
                : split(client, function, pushed, before).revision();
        Status status = await(client.awaitStatus(
                () -> client.functionStatus(function), revision, Duration.ofSeconds(Math.max(1, seconds))));
        FunctionState now = await(client.function(function));
        output.line("traffic: " + GetCommand.traffic(now.deployment()));
        boolean live = NodeStandings.show(output, status);
        output.value(Map.of("function", function, "pushed", pushed, "deployment", now.deployment(), "status", status));
        return live ? 0 : CommandFailure.FAILED;
    }

    private FunctionState split(ApiClient client, String function, Pushed pushed, FunctionState before) {
        Share most = before.deployment().stream()
                .filter(share -> share.version() != pushed.version())
                .max(Comparator.comparingInt(Share::percent))
                .orElseThrow(() -> CommandFailure.failed("function " + function
                        + " has no other version with traffic; version " + pushed.version()
                        + " is pushed, give it all with --percent 100"));
        return await(client.deployFunction(
                function,
                new Deployment(
                        List.of(new Share(pushed.version(), percent), new Share(most.version(), ALL - percent)))));
    }

    private static FunctionState current(ApiClient client, String function) {
        try {
            return await(client.function(function));
        } catch (ApiProblem problem) {
            if (problem.status() == 404) {
                throw CommandFailure.failed("function " + function
                        + " does not exist yet, so there is nothing to share the traffic with; leave out --percent");
            }
            throw problem;
        }
    }
}
