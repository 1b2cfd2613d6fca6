package dev.verge.deploy.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that only has others below it. */
abstract class GroupCommand implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks whether it was given
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Without a subcommand there is nothing to do. */
    @Override
    public final void run() {
        throw CommandFailure.wrongUsage("name one of "
                + String.join(", ", spec.subcommands().keySet()) + "; see " + spec.qualifiedName(" ") + " --help");
    }
}
