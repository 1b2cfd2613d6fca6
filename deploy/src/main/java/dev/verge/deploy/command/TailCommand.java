package dev.verge.deploy.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.WireJson;
import dev.verge.deploy.command.Output.Colour;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge tail}: a function's runs, or a site's requests, as they happen. */
@Command(
        name = "tail",
        description = {
            "Shows a function's runs, each with what it logged, or a site's requests as they happen on every node.",
            "Ends with Ctrl-C, or after --runs of them; with --json one JSON object a line."
        },
        footer = {
            "",
            "Example:",
            "  verge tail checkout",
            "  verge tail checkout --runs 10 --json",
            "  verge tail --site shop"
        })
final class TailCommand extends ApiCommand {
    @Parameters(arity = "0..1", paramLabel = "FUNCTION", description = "Which function.")
    private @Nullable String function;

    @Option(names = "--site", paramLabel = "SITE", description = "Which site, in place of a function.")
    private @Nullable String site;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "0",
            description = "Ends after so many runs or requests (default: never).")
    private int most;

    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    private int seen;

    @Override
    int run(ApiClient client, Output output) {
        if ((function == null) == (site == null)) {
            throw CommandFailure.wrongUsage("name a FUNCTION, or a site by --site SITE");
        }
        Promise<Void> enough = Promise.promise();
        BiConsumer<String, String> told = (name, data) -> {
            show(output, name, data);
            if (!name.equals("dropped") && ++seen == most) {
                enough.tryComplete();
            }
        };
        Future<Void> stream;
        if (function != null) {
            // One that is not there is told in the control plane's words.
            await(client.function(function));
            stream = client.of(function).watch(told);
        } else {
            await(client.siteJson(String.valueOf(site)));
            stream = client.watchSite(String.valueOf(site), told);
        }
        await(Future.any(stream, enough.future()).mapEmpty());
        return 0;
    }

    private void show(Output output, String name, String data) {
        if (output.json()) {
            output.raw(data);
            return;
        }
        JsonNode event = WireJson.parse(data);
        if (name.equals("request")) {
            request(output, event);
            return;
        }
        if (!name.equals("run")) {
            output.complaint("… " + event.path("records").asText() + " more were not handed on"
                    + (event.path("node").isNull()
                            ? ""
                            : " by " + event.path("node").asText()));
            return;
        }
        JsonNode run = event.path("run");
        String outcome = run.path("outcome").asText();
        output.line(output.colour(outcome.equals("ok") ? Colour.GREEN : Colour.RED, outcome) + " "
                + run.path("status").asText() + "  version "
                + run.path("version").asText() + " on "
                + event.path("node").asText() + "  cpu " + millis(run.path("cpuMs")) + "  wall "
                + millis(run.path("wallMs")) + "  " + run.path("id").asText());
        run.path("logs")
                .forEach(line -> output.line("    " + line.path("level").asText() + ": "
                        + line.path("text").asText()));
    }

    private static void request(Output output, JsonNode event) {
        JsonNode request = event.path("request");
        int status = request.path("status").asInt();
        Colour colour = status == 0 || status >= SERVER_ERROR
                ? Colour.RED
                : status >= CLIENT_ERROR ? Colour.YELLOW : Colour.GREEN;
        StringBuilder line = new StringBuilder(output.colour(colour, Integer.toString(status)))
                .append(' ')
                .append(request.path("method").asText())
                .append(' ')
                .append(request.path("scheme").asText())
                .append("://")
                .append(request.path("host").asText())
                .append(request.path("target").asText())
                .append("  ")
                .append(request.path("cache").asText())
                .append("  ")
                .append(request.path("bytes").asText())
                .append(" B  ")
                .append(millis(request.path("micros").asLong() / 1e3))
                .append("  on ")
                .append(event.path("node").asText());
        for (String field : List.of("origin", "function", "outcome", "error")) {
            if (request.hasNonNull(field)) {
                line.append("  ")
                        .append(field)
                        .append(' ')
                        .append(request.path(field).asText());
            }
        }
        output.line(line.append("  ").append(request.path("requestId").asText()).toString());
    }

    /** A time of a run's record. */
    static String millis(JsonNode time) {
        return millis(time.asDouble());
    }

    private static String millis(double time) {
        return String.format(Locale.ROOT, "%.1f ms", time);
    }
}
