package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.client.ApiProblem;
import dev.verge.control.resource.Deployment;
import dev.verge.control.resource.FunctionState;
import dev.verge.control.resource.Pushed;
import dev.verge.control.resource.RollbackOn;
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
            "  verge deploy functions/checkout --percent 10 --rollback-on error-rate=5%,window=30s",
            "  verge deploy functions/checkout --groups canary --pause 10m"
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
            names = "--groups",
            paramLabel = "GROUP",
            split = ",",
            description = "Only nodes of these groups get it first; the others after --pause.")
    private List<String> groups = List.of();

    @Option(
            names = "--pause",
            paramLabel = "TIME",
            description =
                    "How long only those have it: 10m, or manual, until verge rollout continue (default: manual).")
    private @Nullable String pause;

    @Option(
            names = "--rollback-on",
            paramLabel = "RULE",
            description = "Taken back by itself when a node refuses it, or so many of the new version's runs end badly:"
                    + " error-rate=5%%,window=30s; runs=20 says below how many nothing is concluded.")
    private @Nullable String rollbackOn;

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
        if (pause != null && groups.isEmpty()) {
            throw CommandFailure.wrongUsage("--pause: needs --groups, the nodes that have it first");
        }
        RollbackOn rule = rollbackOn == null ? null : RollbackRule.parse(rollbackOn);
        boolean plain = percent == ALL && groups.isEmpty() && rule == null;
        FunctionSources sources = FunctionSources.read(environment(), path);
        String function = name.isEmpty() ? sources.name() : name;
        @Nullable FunctionState before = plain ? null : current(client, function);
        Pushed pushed = await(client.pushFunction(function, sources.upload(), plain));
        output.line("function " + function + ": version " + pushed.version() + " pushed, " + pushed.sizeBytes()
                + " bytes, sha256 " + pushed.sha256().substring(0, 12));
        if (sources.schedules() != null) {
            List<String> schedules = await(client.of(function).setSchedules(sources.schedules()));
            output.line(schedules.isEmpty() ? "schedules: none" : "schedules: " + String.join(", ", schedules));
        }
        long revision = before == null
                ? pushed.revision()
                : deploy(client, function, pushed, before, rule).revision();
        Status status = NodeWait.status(
                client,
                output,
                () -> client.functionStatus(function),
                revision,
                Duration.ofSeconds(Math.max(1, seconds)));
        FunctionState now = await(client.function(function));
        output.line("traffic: " + GetCommand.traffic(now.deployment()));
        RolloutCommand.show(output, plain ? null : now.rollout());
        boolean live = NodeStandings.show(output, status);
        output.value(Map.of("function", function, "pushed", pushed, "deployment", now.deployment(), "status", status));
        return live ? 0 : CommandFailure.FAILED;
    }

    private FunctionState deploy(
            ApiClient client, String function, Pushed pushed, FunctionState before, @Nullable RollbackOn rule) {
        List<Share> shares =
                percent == ALL ? List.of(new Share(pushed.version(), ALL)) : split(function, pushed, before);
        return await(client.deployFunction(function, new Deployment(shares, groups, pause, rule)));
    }

    private List<Share> split(String function, Pushed pushed, FunctionState before) {
        Share most = before.deployment().stream()
                .filter(share -> share.version() != pushed.version())
                .max(Comparator.comparingInt(Share::percent))
                .orElseThrow(() -> CommandFailure.failed("function " + function
                        + " has no other version with traffic; version " + pushed.version()
                        + " is pushed, give it all with --percent 100"));
        return List.of(new Share(pushed.version(), percent), new Share(most.version(), ALL - percent));
    }

    private static FunctionState current(ApiClient client, String function) {
        try {
            return await(client.function(function));
        } catch (ApiProblem problem) {
            if (problem.status() == 404) {
                throw CommandFailure.failed("function " + function
                        + " does not exist yet, so there is nothing to share the traffic with; leave out --percent,"
                        + " --groups and --rollback-on");
            }
            throw problem;
        }
    }
}
