package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code verge delete}. */
@Command(
        name = "delete",
        description = "Deletes a site with its cached content, or a function with all its versions.",
        footer = {"", "Example:", "  verge delete site shop", "  verge delete function hello"})
final class DeleteCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "KIND", description = "site or function.")
    private Kind kind = Kind.SITE;

    @Parameters(index = "1", paramLabel = "NAME", description = "Which one.")
    private String name = "";

    @Override
    int run(ApiClient client, Output output) {
        switch (kind) {
            // Conditional, so that what somebody applies meanwhile is not deleted unseen.
            case SITE -> await(client.site(name).compose(site -> client.deleteSite(name, site.etag())));
            case FUNCTION -> await(client.deleteFunction(name));
        }
        output.value(Map.of("deleted", name, "kind", kind.toString()));
        output.line(kind + " " + name + ": deleted");
        return 0;
    }
}
