package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.FunctionState;
import dev.verge.control.resource.Rollout;
import dev.verge.control.resource.WireJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code verge rollout}: deployments that go to some nodes first, or are watched. */
@Command(
        name = "rollout",
        description = "Shows, continues or takes back a deployment that was made with --groups or --rollback-on.",
        subcommands = {RolloutCommand.Show.class, RolloutCommand.Continue.class, RolloutCommand.Abort.class},
        footer = {
            "",
            "Example:",
            "  verge deploy checkout --groups canary --pause manual",
            "  verge rollout show checkout",
            "  verge rollout continue checkout"
        })
final class RolloutCommand extends GroupCommand {

    /** A rollout in lines for people. */
    static void show(Output output, @Nullable Rollout rollout) {
        if (rollout == null) {
            return;
        }
        output.line("rollout: " + rollout.state()
                + (rollout.groups().isEmpty() ? "" : ", first at the nodes of " + String.join(", ", rollout.groups())));
        output.line("  to: " + GetCommand.traffic(rollout.versions()));
        output.line("  from: " + GetCommand.traffic(rollout.before()));
        if (rollout.state().equals("staged")) {
            output.line(
                    rollout.continueAt() == null
                            ? "  waits for verge rollout continue"
                            : "  goes on at " + rollout.continueAt());
        }
        if (rollout.rollbackOn() != null) {
            output.line("  taken back at " + 100 * rollout.rollbackOn().errorRate() + " % of bad runs within "
                    + rollout.rollbackOn().window().toSeconds() + " s");
        }
        if (rollout.reason() != null) {
            output.line("  " + rollout.reason());
        }
    }

    private static int done(Output output, FunctionState state) {
        output.value(WireJson.tree(state));
        output.line("traffic: " + GetCommand.traffic(state.deployment()));
        show(output, state.rollout());
        return 0;
    }

    /** {@code verge rollout show}. */
    @Command(
            name = "show",
            description = "Shows the function's last rollout, and why it was taken back if it was.",
            footer = {"", "Example:", "  verge rollout show checkout"})
    static final class Show extends ApiCommand {
        @Parameters(paramLabel = "FUNCTION", description = "Which function.")
        private String function = "";

        @Override
        int run(ApiClient client, Output output) {
            Rollout rollout = await(client.of(function).rollout());
            output.value(WireJson.tree(rollout));
            RolloutCommand.show(output, rollout);
            return 0;
        }
    }

    /** {@code verge rollout continue}. */
    @Command(
            name = "continue",
            description = "Gives all nodes what those of its groups have.",
            footer = {"", "Example:", "  verge rollout continue checkout"})
    static final class Continue extends ApiCommand {
        @Parameters(paramLabel = "FUNCTION", description = "Which function.")
        private String function = "";

        @Override
        int run(ApiClient client, Output output) {
            return done(output, await(client.of(function).continueRollout()));
        }
    }

    /** {@code verge rollout abort}. */
    @Command(
            name = "abort",
            description = "Takes it back: what had the traffic before has it again.",
            footer = {"", "Example:", "  verge rollout abort checkout"})
    static final class Abort extends ApiCommand {
        @Parameters(paramLabel = "FUNCTION", description = "Which function.")
        private String function = "";

        @Override
        int run(ApiClient client, Output output) {
            return done(output, await(client.of(function).abortRollout()));
        }
    }
}
