package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.client.Invocation;
import dev.verge.control.client.Invoked;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge invoke}: calls a function directly, traffic or not. */
@Command(
        name = "invoke",
        description = {
            "Calls a function on one node and prints its response.",
            "Reaches any kept version, one without traffic too. Exit code 0 when the run ended well, whatever the status."
        },
        footer = {
            "",
            "Example:",
            "  verge invoke checkout --url '/cart?id=1'",
            "  verge invoke checkout --version 7 --method POST --data '{\"id\": 1}' -H 'Content-Type: application/json'"
        })
final class InvokeCommand extends ApiCommand {
    @Parameters(paramLabel = "FUNCTION", description = "Which function.")
    private String function = "";

    @Option(names = "--version", paramLabel = "N", description = "Which version (default: as traffic is shared out).")
    private @Nullable Integer version;

    @Option(names = "--method", paramLabel = "M", description = "Method (default: GET, with a body POST).")
    private @Nullable String method;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "/",
            description = "A path, or an absolute address (default: ${DEFAULT-VALUE}).")
    private String url = "";

    @Option(
            names = {"-H", "--header"},
            paramLabel = "FIELD",
            description = "A header field, NAME: VALUE.")
    private List<String> headers = List.of();

    @Option(names = "--data", paramLabel = "TEXT", description = "The body.")
    private @Nullable String data;

    @Option(names = "--file", paramLabel = "FILE", description = "File with the body; - is standard input.")
    private @Nullable Path file;

    @Option(
            names = {"-i", "--include"},
            description = "Prints status and header fields first.")
    private boolean include;

    @Override
    int run(ApiClient client, Output output) {
        byte[] body = body();
        String verb = method != null ? method : body.length == 0 ? "GET" : "POST";
        Invoked answer = await(
                client.of(function).invoke(new Invocation(version, verb, url, fields(headers), Buffer.buffer(body))));
        output.value(Map.of(
                "status", answer.status(),
                "headers", answer.headers(),
                "body", answer.body().toString(StandardCharsets.UTF_8),
                "outcome", answer.outcome(),
                "node", answer.node(),
                "version", answer.version()));
        if (include) {
            output.line("HTTP " + answer.status());
            answer.headers().forEach(field -> output.line(field.getKey() + ": " + field.getValue()));
            output.line("");
        }
        output.bytes(answer.body().getBytes());
        boolean good = answer.outcome().equals("ok");
        if (!good) {
            output.complaint("function " + function + ", version " + answer.version() + " on " + answer.node() + ": "
                    + answer.outcome());
        }
        return good ? 0 : CommandFailure.FAILED;
    }

    private byte[] body() {
        if (data != null && file != null) {
            throw CommandFailure.wrongUsage("give --data or --file, not both");
        }
        if (data != null) {
            return data.getBytes(StandardCharsets.UTF_8);
        }
        return file == null ? new byte[0] : Bytes.read(environment(), file);
    }

    static Map<String, String> fields(List<String> headers) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw CommandFailure.wrongUsage("-H \"" + header + "\" is no field; write NAME: VALUE");
            }
            fields.put(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip());
        }
        return fields;
    }
}
