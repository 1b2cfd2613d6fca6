package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.client.StoredDocument;
import dev.verge.control.resource.FunctionState;
import dev.verge.control.resource.FunctionSummary;
import dev.verge.control.resource.Share;
import dev.verge.control.resource.SiteSummary;
import dev.verge.control.resource.Source;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge get}: shows what there is. */
@Command(
        name = "get",
        description = {
            "Lists sites or functions, or shows one.",
            "A site's document comes byte for byte as it was applied, of a function its versions and limits."
        },
        footer = {
            "",
            "Example:",
            "  verge get site",
            "  verge get site demo > demo.yaml",
            "  verge get function hello --source"
        })
final class GetCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "KIND", description = "site or function.")
    private Kind kind = Kind.SITE;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Which one; all when left out.")
    private String name = "";

    @Option(names = "--source", description = "Shows a function's newest source instead.")
    private boolean source;

    @Override
    int run(ApiClient client, Output output) {
        if (source && (kind != Kind.FUNCTION || name.isEmpty())) {
            throw CommandFailure.wrongUsage("--source goes with `get function NAME`");
        }
        switch (kind) {
            case SITE -> {
                if (name.isEmpty()) {
                    sites(client, output);
                } else {
                    site(client, output);
                }
            }
            case FUNCTION -> {
                if (name.isEmpty()) {
                    functions(client, output);
                } else if (source) {
                    source(client, output);
                } else {
                    function(client, output);
                }
            }
        }
        return 0;
    }

    private static void sites(ApiClient client, Output output) {
        List<SiteSummary> sites = await(client.sites());
        output.value(sites);
        output.table(
                List.of("SITE", "VERSION", "CHANGED", "HOSTS"),
                sites.stream()
                        .map(site -> List.of(
                                site.site(),
                                Integer.toString(site.version()),
                                site.changedAt().toString(),
                                String.join(" ", site.hosts())))
                        .toList());
    }

    private void site(ApiClient client, Output output) {
        if (output.json()) {
            output.value(await(client.siteJson(name)));
        } else {
            StoredDocument document = await(client.site(name));
            output.text(document.text());
        }
    }

    private static void functions(ApiClient client, Output output) {
        List<FunctionSummary> functions = await(client.functions());
        output.value(functions);
        output.table(
                List.of("FUNCTION", "NEWEST", "TRAFFIC"),
                functions.stream()
                        .map(function -> List.of(
                                function.name(), Integer.toString(function.version()), traffic(function.deployment())))
                        .toList());
    }

    private void function(ApiClient client, Output output) {
        FunctionState function = await(client.function(name));
        output.value(function);
        output.line("function  " + function.name());
        output.line("newest    version " + function.version() + ", sha256 " + function.sha256());
        output.line("traffic   " + traffic(function.deployment()));
        if (!function.vars().isEmpty()) {
            output.line("vars      " + String.join(" ", function.vars().keySet()));
        }
        if (!function.secrets().isEmpty()) {
            output.line("secrets   " + String.join(" ", function.secrets()));
        }
        output.line("metadata  " + function.metadata());
    }

    private void source(ApiClient client, Output output) {
        int newest = await(client.function(name)).version();
        Source code = await(client.functionSource(name, newest));
        output.value(code);
        if (code.modules().size() == 1) {
            output.text(code.modules().values().iterator().next());
            return;
        }
        code.modules().forEach((module, text) -> {
            output.line("// " + module + (module.equals(code.main()) ? " (main)" : ""));
            output.line(text);
        });
    }

    static String traffic(List<Share> deployment) {
        return deployment.isEmpty()
                ? "none yet"
                : deployment.stream()
                        .map(share -> "version " + share.version() + ": " + share.percent() + " %")
                        .collect(Collectors.joining(", "));
    }
}
