package dev.verge.deploy.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.client.ApiClient;
import dev.verge.control.client.ApiProblem;
import dev.verge.control.client.Applied;
import dev.verge.control.client.StoredDocument;
import dev.verge.control.resource.FieldError;
import dev.verge.control.resource.SiteRollout;
import dev.verge.control.resource.Status;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.DocumentText;
import dev.verge.sync.binding.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge apply}: makes sites be as their documents say. */
@Command(
        name = "apply",
        description = {
            "Creates or changes sites, as their documents say.",
            "Shows what changes, stores each document, and waits until every node has applied or refused it.",
            " A document with mistakes is refused with all of them, and the old one stays."
        },
        footer = {
            "",
            "Example:",
            "  verge apply -f site.yaml --dry-run",
            "  verge apply -f site.yaml -f other.yaml",
            "  verge apply -f site.yaml --groups canary --pause 10m"
        })
final class ApplyCommand extends ApiCommand {
    @Option(
            names = {"-f", "--file"},
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Site documents in YAML or JSON; - is standard input.")
    private List<Path> files = List.of();

    @Option(names = "--dry-run", description = "Checks and shows the difference, and changes nothing.")
    private boolean dryRun;

    @Option(
            names = "--groups",
            paramLabel = "GROUP",
            split = ",",
            description = "Only nodes of these groups get it first; the others after --pause, unless one refuses it.")
    private List<String> groups = List.of();

    @Option(
            names = "--pause",
            paramLabel = "TIME",
            description =
                    "How long only those have it: 10m, or manual, until verge rollout continue --site (default: manual).")
    private @Nullable String pause;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for the nodes (default: ${DEFAULT-VALUE}).")
    private int seconds;

    /** What came of one file, for scripts. */
    record Result(
            String file,
            @Nullable String site,
            boolean accepted,
            boolean changed,
            @Nullable Applied applied,
            @Nullable Status status,
            List<FieldError> errors) {}

    @Override
    int run(ApiClient client, Output output) {
        if (pause != null && groups.isEmpty()) {
            throw CommandFailure.wrongUsage("--pause: needs --groups, the nodes that have it first");
        }
        List<Result> results = new ArrayList<>();
        boolean good = true;
        for (Path file : files) {
            String text = TextFile.read(environment(), file);
            Result result = one(client, output, file, text);
            good &= result.accepted();
            results.add(result);
        }
        output.value(Map.of("results", results));
        return good ? 0 : CommandFailure.FAILED;
    }

    private Result one(ApiClient client, Output output, Path file, String text) {
        @Nullable String site = null;
        try {
            switch (DocumentText.parse(text)) {
                case Bound.Invalid<JsonNode>(List<Problem> problems) -> {
                    return refused(
                            output,
                            file,
                            null,
                            problems.stream()
                                    .map(problem -> new FieldError(
                                            problem.path(), problem.value(), problem.rule(), problem.fix()))
                                    .toList());
                }
                case Bound.Valid<JsonNode>(JsonNode document) ->
                    site = document.path("site").asText("");
            }
            if (site.isEmpty()) {
                return refused(
                        output,
                        file,
                        null,
                        List.of(new FieldError("site", "", "is missing", "name the site that the document describes")));
            }
            return stored(client, output, file, site, text);
        } catch (ApiProblem problem) {
            if (problem.details().errors().isEmpty()) {
                throw problem;
            }
            return refused(output, file, site, problem.details().errors());
        }
    }

    private Result stored(ApiClient client, Output output, Path file, String site, String text) {
        String mediaType = text.stripLeading().startsWith("{") ? "application/json" : "application/yaml";
        @Nullable StoredDocument current = current(client, site);
        String before = current == null ? "" : current.text();
        boolean differs = !before.equals(text);
        // Checked before the difference is shown: that of a document with mistakes is noise around them.
        boolean changes = await(client.validateSite(site, text, mediaType)).changes();
        for (String line : LineDiff.unified(before, text)) {
            output.line(coloured(output, line));
        }
        if (dryRun) {
            output.line("site " + site + ": valid, " + (changes ? "would change" : "nothing would change"));
            return new Result(file.toString(), site, true, changes, null, null, List.of());
        }
        @Nullable String ifMatch = current == null ? null : current.etag();
        Applied applied = await(
                groups.isEmpty()
                        ? client.applySite(site, text, mediaType, ifMatch)
                        : client.rolloutOfSite(site).begin(text, mediaType, ifMatch, groups, pause));
        output.line("site " + site + ": "
                + (applied.created() ? "created" : applied.changed() ? "changed" : "unchanged") + ", version "
                + applied.version() + (differs ? "" : " already"));
        Status status = NodeWait.status(
                client,
                output,
                () -> client.siteStatus(site),
                applied.revision(),
                Duration.ofSeconds(Math.max(1, seconds)));
        boolean live = NodeStandings.show(output, status);
        @Nullable SiteRollout rollout = status.rollout();
        if (!groups.isEmpty() && applied.changed() && rollout != null) {
            RolloutCommand.show(output, rollout);
            live &= rollout.state().equals(SiteRollout.STAGED);
        }
        return new Result(file.toString(), site, live, applied.changed(), applied, status, List.of());
    }

    private static Result refused(Output output, Path file, @Nullable String site, List<FieldError> errors) {
        StringBuilder lines =
                new StringBuilder("verge: " + file + " is refused, with " + Problems.count(errors.size()) + ":");
        for (FieldError error : errors) {
            lines.append(Problems.line(error.path(), error.value(), error.rule(), error.fix()));
        }
        output.complaint(lines.toString());
        return new Result(file.toString(), site, false, false, null, null, errors);
    }

    private static @Nullable StoredDocument current(ApiClient client, String site) {
        try {
            return await(client.site(site));
        } catch (ApiProblem problem) {
            if (problem.status() == 404) {
                return null;
            }
            throw problem;
        }
    }

    private static String coloured(Output output, String line) {
        return switch (line.charAt(0)) {
            case '+' -> output.colour(Output.Colour.GREEN, line);
            case '-' -> output.colour(Output.Colour.RED, line);
            case '@' -> output.colour(Output.Colour.CYAN, line);
            default -> line;
        };
    }
}
