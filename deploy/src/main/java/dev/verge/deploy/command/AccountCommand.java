package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.AccountLimits;
import dev.verge.control.resource.AccountView;
import dev.verge.sync.binding.DurationText;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.log.AccountQuotas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge account}: accounts and what they may use. */
@Command(
        name = "account",
        description = "Makes, lists and removes accounts, and sets what they may use. For operators.",
        subcommands = {
            AccountCommand.Create.class,
            AccountCommand.ListAll.class,
            AccountCommand.Limits.class,
            AccountCommand.Delete.class
        },
        footer = {
            "",
            "Example:",
            "  verge account create acme",
            "  verge account limits acme --requests-per-second 500 --function-cpu-per-minute 30s",
            "  verge account delete acme"
        })
final class AccountCommand extends GroupCommand {
    private static final String NONE = "none";

    /** {@code verge account create}. */
    @Command(
            name = "create",
            description = "Makes an account.",
            footer = {"", "Example:", "  verge account create acme"})
    static final class Create extends ApiCommand {
        @Parameters(paramLabel = "NAME", description = "Its name.")
        private String name = "";

        @Override
        int run(ApiClient client, Output output) {
            AccountView made = await(client.accounts().create(name));
            output.value(made);
            output.line("account " + made.name() + " made");
            return 0;
        }
    }

    /** {@code verge account list}. */
    @Command(
            name = "list",
            description = "Lists all accounts.",
            footer = {"", "Example:", "  verge account list"})
    static final class ListAll extends ApiCommand {
        @Override
        int run(ApiClient client, Output output) {
            List<AccountView> accounts = await(client.accounts().list());
            output.value(accounts);
            output.table(
                    List.of("ACCOUNT", "MADE"),
                    accounts.stream()
                            .map(each -> List.of(each.name(), each.createdAt().toString()))
                            .toList());
            return 0;
        }
    }

    /** {@code verge account delete}. */
    @Command(
            name = "delete",
            description = {
                "Removes an account; its tokens end at once.",
                "One that holds sites, functions, certificates or kv keys stays, unless --force removes them too."
            },
            footer = {"", "Example:", "  verge account delete acme", "  verge account delete acme --force"})
    static final class Delete extends ApiCommand {
        @Parameters(paramLabel = "NAME", description = "Which account.")
        private String name = "";

        @Option(names = "--force", description = "With all that it holds, here and on every node.")
        private boolean force;

        @Override
        int run(ApiClient client, Output output) {
            await(client.accounts().delete(name, force));
            output.value(Map.of("deleted", name));
            output.line("account " + name + ": deleted");
            return 0;
        }
    }

    /** {@code verge account limits}. */
    @Command(
            name = "limits",
            description = {
                "Shows what an account may use of all nodes together, and changes what is named; none takes a quota away.",
                "What is more than a quota is answered with 429 and Retry-After."
            },
            footer = {
                "",
                "Example:",
                "  verge account limits acme",
                "  verge account limits acme --requests-per-second 500 --concurrent-functions none"
            })
    static final class Limits extends ApiCommand {
        @Parameters(paramLabel = "NAME", description = "Which account.")
        private String name = "";

        @Option(names = "--requests-per-second", paramLabel = "N", description = "Requests to all of its sites.")
        private @Nullable String requests;

        @Option(names = "--function-runs-per-second", paramLabel = "N", description = "Runs of its functions.")
        private @Nullable String runs;

        @Option(
                names = "--function-cpu-per-minute",
                paramLabel = "TIME",
                description = "CPU time of its functions: 500ms, 30s.")
        private @Nullable String cpu;

        @Option(
                names = "--concurrent-functions",
                paramLabel = "N",
                description = "Runs of its functions at the same time.")
        private @Nullable String concurrent;

        @Override
        int run(ApiClient client, Output output) {
            AccountLimits now = await(client.usage().limits(name));
            AccountQuotas before = now.quotas();
            AccountQuotas after = new AccountQuotas(
                    number("--requests-per-second", requests, before.requestsPerSecond()),
                    number("--function-runs-per-second", runs, before.functionRunsPerSecond()),
                    time("--function-cpu-per-minute", cpu, before.functionCpuPerMinute()),
                    number("--concurrent-functions", concurrent, before.concurrentFunctions()));
            if (!after.equals(before)) {
                now = await(client.usage().setLimits(name, new AccountLimits(now.functions(), after)));
            }
            output.value(RecordJson.write(now));
            Map<String, String> shown = Map.of(
                    "requests a second", text(now.quotas().requestsPerSecond()),
                    "runs of functions a second", text(now.quotas().functionRunsPerSecond()),
                    "CPU time of functions a minute",
                            now.quotas().functionCpuPerMinute() == null
                                    ? NONE
                                    : DurationText.format(now.quotas().functionCpuPerMinute()),
                    "runs of functions at a time", text(now.quotas().concurrentFunctions()));
            output.table(
                    List.of("QUOTA OF EACH NODE", "LIMIT"),
                    shown.entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(entry -> List.of(entry.getKey(), entry.getValue()))
                            .toList());
            return 0;
        }

        private static String text(@Nullable Integer number) {
            return number == null ? NONE : number.toString();
        }

        private static @Nullable Duration time(String option, @Nullable String text, @Nullable Duration before) {
            if (text == null) {
                return before;
            }
            try {
                return text.equals(NONE) ? null : DurationText.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw CommandFailure.wrongUsage(
                        option + ": \"" + text + "\" is no duration; write 500ms, 30s, or none");
            }
        }

        private static @Nullable Integer number(String option, @Nullable String text, @Nullable Integer before) {
            if (text == null) {
                return before;
            }
            if (text.equals(NONE)) {
                return null;
            }
            if (!text.matches("[0-9]{1,9}")) {
                throw CommandFailure.wrongUsage(option + ": \"" + text + "\" is no number; write one, or none");
            }
            return Integer.valueOf(text);
        }
    }
}
