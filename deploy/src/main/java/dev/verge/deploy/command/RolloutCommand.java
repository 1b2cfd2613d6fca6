package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.FunctionState;
import dev.verge.control.resource.Rollout;
import dev.verge.control.resource.SiteRollout;
import dev.verge.control.resource.WireJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge rollout}: what goes to some nodes first, or is watched. */
@Command(
        name = "rollout",
        description = "Shows, continues or takes back what was made with --groups or --rollback-on.",
        subcommands = {RolloutCommand.Show.class, RolloutCommand.Continue.class, RolloutCommand.Abort.class},
        footer = {
            "",
            "Example:",
            "  verge deploy checkout --groups canary --pause manual",
            "  verge rollout show checkout",
            "  verge rollout continue checkout",
            "  verge apply -f shop.yaml --groups canary",
            "  verge rollout continue --site shop"
        })
final class RolloutCommand extends GroupCommand {

    /** A rollout in lines for people. */
    static void show(Output output, @Nullable Rollout rollout) {
        if (rollout == null) {
            return;
        }
        head(output, rollout.state(), rollout.groups());
        output.line("  to: " + GetCommand.traffic(rollout.versions()));
        output.line("  from: " + GetCommand.traffic(rollout.before()));
        waiting(output, rollout.state(), rollout.continueAt(), "verge rollout continue");
        if (rollout.rollbackOn() != null) {
            output.line("  taken back at " + 100 * rollout.rollbackOn().errorRate() + " % of bad runs within "
                    + rollout.rollbackOn().window().toSeconds() + " s");
        }
        reason(output, rollout.reason());
    }

    /** A rollout of a site in lines for people. */
    static void show(Output output, SiteRollout rollout) {
        head(output, rollout.state(), rollout.groups());
        output.line("  to: version " + rollout.version());
        output.line("  from: version " + rollout.before());
        waiting(output, rollout.state(), rollout.continueAt(), "verge rollout continue --site");
        reason(output, rollout.reason());
    }

    private static void head(Output output, String state, List<String> groups) {
        output.line(
                "rollout: " + state + (groups.isEmpty() ? "" : ", first at the nodes of " + String.join(", ", groups)));
    }

    private static void waiting(Output output, String state, @Nullable Instant continueAt, String command) {
        if (state.equals(SiteRollout.STAGED)) {
            output.line(continueAt == null ? "  waits for " + command : "  goes on at " + continueAt);
        }
    }

    private static void reason(Output output, @Nullable String reason) {
        if (reason != null) {
            output.line("  " + reason);
        }
    }

    /** Whose rollout. */
    abstract static class OfOne extends ApiCommand {
        @Parameters(paramLabel = "NAME", description = "Which function, or with --site which site.")
        private String name = "";

        @Option(names = "--site", description = "The rollout of a site's document.")
        private boolean site;

        @Override
        final int run(ApiClient client, Output output) {
            if (site) {
                SiteRollout rollout = ofSite(client, name);
                output.value(WireJson.tree(rollout));
                show(output, rollout);
            } else {
                ofFunction(client, name, output);
            }
            return 0;
        }

        abstract SiteRollout ofSite(ApiClient client, String site);

        abstract void ofFunction(ApiClient client, String function, Output output);

        static void done(Output output, FunctionState state) {
            output.value(WireJson.tree(state));
            output.line("traffic: " + GetCommand.traffic(state.deployment()));
            show(output, state.rollout());
        }
    }

    /** {@code verge rollout show}. */
    @Command(
            name = "show",
            description = "Shows the last rollout, and why it was taken back if it was.",
            footer = {"", "Example:", "  verge rollout show checkout"})
    static final class Show extends OfOne {
        @Override
        SiteRollout ofSite(ApiClient client, String site) {
            return await(client.rolloutOfSite(site).rollout());
        }

        @Override
        void ofFunction(ApiClient client, String function, Output output) {
            Rollout rollout = await(client.of(function).rollout());
            output.value(WireJson.tree(rollout));
            RolloutCommand.show(output, rollout);
        }
    }

    /** {@code verge rollout continue}. */
    @Command(
            name = "continue",
            description = "Gives all nodes what those of its groups have.",
            footer = {"", "Example:", "  verge rollout continue checkout", "  verge rollout continue --site shop"})
    static final class Continue extends OfOne {
        @Override
        SiteRollout ofSite(ApiClient client, String site) {
            return await(client.rolloutOfSite(site).proceed());
        }

        @Override
        void ofFunction(ApiClient client, String function, Output output) {
            done(output, await(client.of(function).continueRollout()));
        }
    }

    /** {@code verge rollout abort}. */
    @Command(
            name = "abort",
            description = "Takes it back: all nodes have again what was there before.",
            footer = {"", "Example:", "  verge rollout abort checkout", "  verge rollout abort --site shop"})
    static final class Abort extends OfOne {
        @Override
        SiteRollout ofSite(ApiClient client, String site) {
            return await(client.rolloutOfSite(site).abort());
        }

        @Override
        void ofFunction(ApiClient client, String function, Output output) {
            done(output, await(client.of(function).abortRollout()));
        }
    }
}
