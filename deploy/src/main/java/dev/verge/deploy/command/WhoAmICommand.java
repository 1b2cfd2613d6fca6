package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.WhoAmI;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code verge whoami}. */
@Command(
        name = "whoami",
        description = "Shows whose token the commands use, and what it may do.",
        footer = {"", "Example:", "  verge whoami"})
final class WhoAmICommand extends ApiCommand {
    @Override
    int run(ApiClient client, Output output) {
        WhoAmI who = await(client.whoAmI());
        output.value(who);
        output.line("at       " + Credentials.find(environment()).api());
        output.line("token    " + who.name() + " (" + who.tokenId() + ")");
        output.line("account  " + who.account());
        output.line("scopes   " + who.scopes().stream().map(Scope::word).collect(Collectors.joining(" ")));
        output.line("expires  "
                + (who.expiresAt() == null ? "never" : who.expiresAt().toString()));
        return 0;
    }
}
