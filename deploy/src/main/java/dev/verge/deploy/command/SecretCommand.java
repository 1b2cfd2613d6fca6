package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.SecretView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge secret}: values that a function gets in {@code env} and nobody reads back. */
@Command(
        name = "secret",
        description = "Sets, lists and removes a function's secrets; their values are never shown again.",
        subcommands = {SecretCommand.Put.class, SecretCommand.ListAll.class, SecretCommand.Delete.class},
        footer = {
            "",
            "Example:",
            "  verge secret put checkout API_KEY --file key.txt",
            "  verge secret list checkout",
            "  verge secret delete checkout API_KEY"
        })
final class SecretCommand extends GroupCommand {

    /** {@code verge secret put}. */
    @Command(
            name = "put",
            description = {
                "Sets a secret; the function runs with it on every node from then on.",
                "The value comes from --file, or from standard input; never from the command line, where others see it."
            },
            footer = {"", "Example:", "  printf %s \"$KEY\" | verge secret put checkout API_KEY"})
    static final class Put extends ApiCommand {
        @Parameters(index = "0", paramLabel = "FUNCTION", description = "Which function.")
        private String function = "";

        @Parameters(index = "1", paramLabel = "NAME", description = "The secret's name in env.")
        private String name = "";

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "File that holds the value; one last line end is dropped.")
        private @Nullable Path file;

        @Override
        int run(ApiClient client, Output output) {
            SecretView set = await(client.of(function).setSecret(name, value()));
            output.value(set);
            output.line("secret " + set.name() + " of function " + function + ": set");
            return 0;
        }

        private String value() {
            Environment environment = environment();
            if (file == null && environment.terminal()) {
                char[] typed = Objects.requireNonNull(System.console(), "a terminal has a console")
                        .readPassword("value: ");
                return typed == null ? "" : new String(typed);
            }
            String read = TextFile.read(environment, file == null ? Path.of("-") : file);
            return read.replaceFirst("\\r?\\n\\z", "");
        }
    }

    /** {@code verge secret list}. */
    @Command(
            name = "list",
            description = "Lists the names of a function's secrets, and when each was set last.",
            footer = {"", "Example:", "  verge secret list checkout"})
    static final class ListAll extends ApiCommand {
        @Parameters(paramLabel = "FUNCTION", description = "Which function.")
        private String function = "";

        @Override
        int run(ApiClient client, Output output) {
            List<SecretView> secrets = await(client.of(function).secrets());
            output.value(secrets);
            output.table(
                    List.of("SECRET", "CHANGED", "BY"),
                    secrets.stream()
                            .map(secret ->
                                    List.of(secret.name(), secret.changedAt().toString(), secret.changedBy()))
                            .toList());
            return 0;
        }
    }

    /** {@code verge secret delete}. */
    @Command(
            name = "delete",
            description = "Removes a secret.",
            footer = {"", "Example:", "  verge secret delete checkout API_KEY"})
    static final class Delete extends ApiCommand {
        @Parameters(index = "0", paramLabel = "FUNCTION", description = "Which function.")
        private String function = "";

        @Parameters(index = "1", paramLabel = "NAME", description = "Which secret.")
        private String name = "";

        @Override
        int run(ApiClient client, Output output) {
            await(client.of(function).deleteSecret(name));
            output.value(Map.of("deleted", name, "function", function));
            output.line("secret " + name + " of function " + function + ": deleted");
            return 0;
        }
    }
}
