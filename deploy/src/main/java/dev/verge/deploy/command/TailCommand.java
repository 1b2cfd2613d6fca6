package dev.verge.deploy.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.WireJson;
import dev.verge.deploy.command.Output.Colour;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge tail}: a function's runs as they happen. */
@Command(
        name = "tail",
        description = {
            "Shows a function's runs as they happen on every node, each with what it logged.",
            "Ends with Ctrl-C, or after --runs; with --json one JSON object a line."
        },
        footer = {"", "Example:", "  verge tail checkout", "  verge tail checkout --runs 10 --json"})
final class TailCommand extends ApiCommand {
    @Parameters(paramLabel = "FUNCTION", description = "Which function.")
    private String function = "";

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "0",
            description = "Ends after so many runs (default: never).")
    private int most;

    private int seen;

    @Override
    int run(ApiClient client, Output output) {
        // One that is not there is told in the control plane's words.
        await(client.function(function));
        Promise<Void> enough = Promise.promise();
        Future<Void> stream = client.of(function).watch((name, data) -> {
            show(output, name, data);
            if (name.equals("run") && ++seen == most) {
                enough.tryComplete();
            }
        });
        await(Future.any(stream, enough.future()).mapEmpty());
        return 0;
    }

    private void show(Output output, String name, String data) {
        if (output.json()) {
            output.raw(data);
            return;
        }
        JsonNode event = WireJson.parse(data);
        if (!name.equals("run")) {
            output.complaint("… " + event.path("records").asText() + " runs were not handed on"
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
                + event.path("node").asText() + "  cpu " + millis(run, "cpuMicros") + "  wall "
                + millis(run, "wallMicros") + "  " + run.path("requestId").asText());
        run.path("logs")
                .forEach(line -> output.line("    " + line.path("level").asText() + ": "
                        + line.path("text").asText()));
    }

    static String millis(JsonNode run, String field) {
        long micros = run.path(field).asLong();
        return micros / 1000 + "." + micros / 100 % 10 + " ms";
    }
}
