package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.ScheduleRun;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge schedule}: when a function's scheduled handler is called. */
@Command(
        name = "schedule",
        description = "Sets and shows when a function's scheduled handler is called, and how that went.",
        subcommands = {
            ScheduleCommand.Set.class,
            ScheduleCommand.ListAll.class,
            ScheduleCommand.Runs.class,
            ScheduleCommand.Run.class
        },
        footer = {
            "",
            "Example:",
            "  verge schedule set cleanup '*/5 * * * *' '0 3 * * SUN'",
            "  verge schedule runs cleanup"
        })
final class ScheduleCommand extends GroupCommand {

    private static void show(Output output, List<ScheduleRun> runs) {
        output.table(
                List.of("DUE", "SCHEDULE", "OUTCOME", "NODE", "DETAIL"),
                runs.stream()
                        .map(run -> List.of(
                                run.dueAt().toString(),
                                run.cron(),
                                run.outcome(),
                                text(run.node()),
                                text(run.detail())))
                        .toList());
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** {@code verge schedule set}. */
    @Command(
            name = "set",
            description = "Replaces a function's schedules: five fields each, in UTC. None given: none are left.",
            footer = {"", "Example:", "  verge schedule set cleanup '*/5 * * * *'"})
    static final class Set extends ApiCommand {
        @Parameters(index = "0", paramLabel = "FUNCTION", description = "Which function.")
        private String function = "";

        @Parameters(index = "1..*", arity = "0..*", paramLabel = "CRON", description = "minute hour day month weekday.")
        private List<String> schedules = List.of();

        @Override
        int run(ApiClient client, Output output) {
            List<String> set = await(client.of(function).setSchedules(schedules));
            output.value(set);
            output.line("function " + function + ": " + (set.isEmpty() ? "no schedules" : String.join(", ", set)));
            return 0;
        }
    }

    /** {@code verge schedule list}. */
    @Command(
            name = "list",
            description = "Shows a function's schedules.",
            footer = {"", "Example:", "  verge schedule list cleanup"})
    static final class ListAll extends ApiCommand {
        @Parameters(paramLabel = "FUNCTION", description = "Which function.")
        private String function = "";

        @Override
        int run(ApiClient client, Output output) {
            List<String> schedules = await(client.of(function).schedules());
            output.value(schedules);
            schedules.forEach(output::line);
            return 0;
        }
    }

    /** {@code verge schedule runs}. */
    @Command(
            name = "runs",
            description = "Shows the latest runs: when each was due, on which node, and how it ended.",
            footer = {"", "Example:", "  verge schedule runs cleanup --last 20"})
    static final class Runs extends ApiCommand {
        @Parameters(paramLabel = "FUNCTION", description = "Which function.")
        private String function = "";

        @Option(
                names = "--last",
                paramLabel = "N",
                defaultValue = "20",
                description = "How many, 1 to 500 (default: ${DEFAULT-VALUE}).")
        private int last;

        @Override
        int run(ApiClient client, Output output) {
            if (last < 1 || last > 500) {
                throw CommandFailure.wrongUsage("--last: " + last + " is not from 1 to 500");
            }
            List<ScheduleRun> runs = await(client.of(function).scheduleRuns(last));
            output.value(runs);
            show(output, runs);
            return 0;
        }
    }

    /** {@code verge schedule run}. */
    @Command(
            name = "run",
            description = "Calls the scheduled handler now, on one node, and waits for its end.",
            footer = {"", "Example:", "  verge schedule run cleanup"})
    static final class Run extends ApiCommand {
        @Parameters(index = "0", paramLabel = "FUNCTION", description = "Which function.")
        private String function = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "CRON",
                defaultValue = "now",
                description = "What the event says was due (default: ${DEFAULT-VALUE}).")
        private String cron = "";

        @Override
        int run(ApiClient client, Output output) {
            ScheduleRun run = await(client.of(function).runSchedule(cron));
            output.value(run);
            show(output, List.of(run));
            return run.outcome().equals("ok") ? 0 : CommandFailure.FAILED;
        }
    }
}
