package dev.verge.deploy.command;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** A command that needs no control plane to talk to. */
abstract class LocalCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks whether it was given
    private boolean help;

    @ParentCommand
    private @Nullable VergeCommand root;

    final Environment environment() {
        return Objects.requireNonNull(root, "picocli sets it").environment();
    }
}
