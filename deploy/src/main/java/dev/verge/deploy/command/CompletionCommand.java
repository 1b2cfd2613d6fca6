package dev.verge.deploy.command;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code verge completion}. */
@Command(
        name = "completion",
        description = "Prints a completion script for bash and zsh.",
        footer = {"", "Example:", "  source <(verge completion)"})
final class CompletionCommand extends LocalCommand {
    @Override
    public Integer call() {
        Environment environment = environment();
        environment.out().print(AutoComplete.bash("verge", VergeCommand.commandLine(environment)));
        return 0;
    }
}
