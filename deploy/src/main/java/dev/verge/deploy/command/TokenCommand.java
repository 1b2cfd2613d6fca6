package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.TokenMade;
import dev.verge.control.resource.TokenOrder;
import dev.verge.control.resource.TokenView;
import dev.verge.sync.binding.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge token}: who may call the control plane, and for what. */
@Command(
        name = "token",
        description = "Makes, lists and revokes tokens of an account.",
        subcommands = {TokenCommand.Create.class, TokenCommand.ListAll.class, TokenCommand.Revoke.class},
        footer = {
            "",
            "Example:",
            "  verge token create ci --scope functions:write --expires-in 30d",
            "  verge token list",
            "  verge token revoke ci"
        })
final class TokenCommand extends GroupCommand {
    private static final String SCOPES =
            Arrays.stream(Scope.values()).map(Scope::word).collect(Collectors.joining(", "));

    /** {@code verge token create}. */
    @Command(
            name = "create",
            description = {
                "Makes a token and shows it, this once: alone on standard output, so that a script can keep it.",
                "It can have no more scopes and live no longer than the token that makes it."
            },
            footer = {
                "",
                "Example:",
                "  verge token create ci --scope functions:write --scope purge --expires-in 30d",
                "  verge token create acme-admin --for acme --scope admin > acme.token"
            })
    static final class Create extends ApiCommand {
        @Parameters(paramLabel = "NAME", description = "Says what it is for; one live token of the account has it.")
        private String name = "";

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                split = ",",
                required = true,
                description = "What it may do: read, sites:write, functions:write, purge, kv:write, admin, operator.")
        private List<String> scopes = List.of();

        @Option(names = "--for", paramLabel = "ACCOUNT", description = "The account it belongs to (default: your own).")
        private @Nullable String owner;

        @Option(
                names = "--expires-in",
                paramLabel = "TIME",
                defaultValue = "90d",
                description = "Lifetime: 12h, 30d (default: ${DEFAULT-VALUE}).")
        private String expiresIn = "";

        @Override
        int run(ApiClient client, Output output) {
            TokenMade made = await(client.tokens().create(new TokenOrder(name, owner, scopes(), lifetime())));
            output.value(made);
            if (!output.json()) {
                output.complaint("token " + made.id() + " of account " + made.account() + ", " + until(made.expiresAt())
                        + "; it is shown only here:");
            }
            output.line(made.token());
            return 0;
        }

        private List<Scope> scopes() {
            List<Scope> read = new ArrayList<>();
            for (String word : scopes) {
                Scope scope = Scope.of(word);
                if (scope == null) {
                    throw CommandFailure.wrongUsage("--scope: there is no " + word + "; one of " + SCOPES);
                }
                read.add(scope);
            }
            return read;
        }

        private Duration lifetime() {
            try {
                return DurationText.parse(expiresIn);
            } catch (IllegalArgumentException wrong) {
                throw CommandFailure.wrongUsage("--expires-in: \"" + expiresIn + "\" is no duration; write 12h or 30d");
            }
        }
    }

    /** {@code verge token list}. */
    @Command(
            name = "list",
            description = "Lists the live tokens of the account; never the tokens themselves.",
            footer = {"", "Example:", "  verge token list", "  verge token list --json"})
    static final class ListAll extends ApiCommand {
        @Override
        int run(ApiClient client, Output output) {
            List<TokenView> tokens = await(client.tokens().list());
            output.value(tokens);
            output.table(
                    List.of("TOKEN", "ID", "ACCOUNT", "SCOPES", "MADE", "ENDS"),
                    tokens.stream()
                            .map(each -> List.of(
                                    each.name(),
                                    each.id(),
                                    each.account(),
                                    each.scopes().stream().map(Scope::word).collect(Collectors.joining(",")),
                                    each.createdAt().toString(),
                                    until(each.expiresAt())))
                            .toList());
            return 0;
        }
    }

    /** {@code verge token revoke}. */
    @Command(
            name = "revoke",
            description = "Revokes a token, by its name or id; it is refused from then on.",
            footer = {"", "Example:", "  verge token revoke ci"})
    static final class Revoke extends ApiCommand {
        @Parameters(paramLabel = "NAME|ID", description = "Which token, as verge token list shows it.")
        private String which = "";

        @Override
        int run(ApiClient client, Output output) {
            TokenView token = await(client.tokens().list()).stream()
                    .filter(each -> each.id().equals(which) || each.name().equals(which))
                    .findFirst()
                    .orElseThrow(
                            () -> CommandFailure.failed("there is no live token " + which + "; see verge token list"));
            await(client.tokens().revoke(token.id()));
            output.value(Map.of("revoked", token.id(), "name", token.name()));
            output.line("token " + token.name() + " (" + token.id() + "): revoked");
            return 0;
        }
    }

    private static String until(@Nullable Instant end) {
        return end == null ? "until it is revoked" : "until " + end;
    }
}
