package dev.verge.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that needs no control plane to talk to. */
abstract class LocalCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks whether it was given
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    final Environment environment() {
        return ((VergeCommand) spec.root().userObject()).environment();
    }
}
