package dev.verge.deploy.command;

import dev.verge.deploy.scaffold.Scaffold;
import dev.verge.deploy.scaffold.Template;
import dev.verge.sync.document.SiteDocument;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge init}: begins a function. */
@Command(
        name = "init",
        description = {
            "Makes a folder with a new function, from a template; overwrites nothing.",
            "It holds the modules, function.yaml for verge deploy, a README, and the runtime's types for editors."
        },
        footer = {
            "",
            "Example:",
            "  verge init greeter",
            "  verge init shop-api --template api-composition",
            "  verge init --list"
        })
final class InitCommand extends LocalCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "Name of the function, and of the folder that is made (default: the template's).")
    private @Nullable String name;

    @Option(
            names = "--template",
            paramLabel = "TEMPLATE",
            defaultValue = "hello",
            description = "What to begin with; --list shows all (default: ${DEFAULT-VALUE}).")
    private String template = "";

    @Option(names = "--list", description = "Shows the templates, and makes nothing.")
    private boolean list;

    @Option(names = "--json", description = "Answers in JSON, for scripts.")
    private boolean json;

    @Override
    public Integer call() {
        Output output = new Output(environment(), json);
        if (list) {
            list(output);
            return 0;
        }
        Template chosen = Template.find(template)
                .orElseThrow(() -> CommandFailure.wrongUsage("--template: there is no " + template + "; one of "
                        + Arrays.stream(Template.values()).map(Template::id).collect(Collectors.joining(", "))));
        String function = name == null ? chosen.id() : name;
        if (!function.matches(SiteDocument.NAME)) {
            throw CommandFailure.wrongUsage(
                    "NAME: " + function + " is not " + SiteDocument.NAME_RULE + "; such as my-function");
        }
        Path folder = environment().folder().resolve(function);
        List<String> files;
        try {
            files = Scaffold.write(chosen, function, folder);
        } catch (FileAlreadyExistsException there) {
            throw CommandFailure.failed(
                    there.getMessage() + " is there already, and nothing was written; choose another NAME");
        } catch (IOException e) {
            throw CommandFailure.failed(folder + " cannot be written: " + e);
        }
        files.forEach(file -> output.line("  " + function + "/" + file));
        output.line("function " + function + " from template " + chosen.id() + "; next:");
        output.line("  verge dev " + function);
        output.line("  verge deploy " + function);
        output.value(
                Map.of("function", function, "template", chosen.id(), "folder", folder.toString(), "files", files));
        return 0;
    }

    private static void list(Output output) {
        output.table(
                List.of("TEMPLATE", "DOES"),
                Arrays.stream(Template.values())
                        .map(each -> List.of(each.id(), each.does()))
                        .toList());
        output.value(Map.of(
                "templates",
                Arrays.stream(Template.values())
                        .map(each -> Map.of("template", each.id(), "does", each.does()))
                        .toList()));
    }
}
