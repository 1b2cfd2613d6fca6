package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.client.KvValue;
import dev.verge.control.resource.KvKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge kv}: key-value namespaces that functions read on every node. */
@Command(
        name = "kv",
        description = "Reads and writes key-value namespaces of functions.",
        subcommands = {KvCommand.Put.class, KvCommand.Get.class, KvCommand.ListKeys.class, KvCommand.Delete.class},
        footer = {
            "",
            "Example:",
            "  verge kv put prefs theme dark",
            "  verge kv get prefs theme",
            "  verge kv list prefs --prefix users/"
        })
final class KvCommand extends GroupCommand {

    /** {@code verge kv put}. */
    @Command(
            name = "put",
            description = "Writes a value, given here, in a file, or on standard input.",
            footer = {
                "",
                "Example:",
                "  verge kv put prefs theme dark",
                "  verge kv put assets logo --file logo.png --metadata '{\"type\": \"image/png\"}' --ttl 86400"
            })
    static final class Put extends ApiCommand {
        @Parameters(
                index = "0",
                paramLabel = "NAMESPACE",
                description = "Which namespace; it is made by its first key.")
        private String namespace = "";

        @Parameters(index = "1", paramLabel = "KEY", description = "Which key.")
        private String key = "";

        @Parameters(index = "2", arity = "0..1", paramLabel = "VALUE", description = "The value as text.")
        private @Nullable String value;

        @Option(names = "--file", paramLabel = "FILE", description = "File with the value; - is standard input.")
        private @Nullable Path file;

        @Option(
                names = "--metadata",
                paramLabel = "JSON",
                description = "JSON to keep beside the value, 1024 bytes at most.")
        private @Nullable String metadata;

        @Option(
                names = "--ttl",
                paramLabel = "SECONDS",
                description = "The key goes away by itself after that long, 60 at least.")
        private @Nullable Long ttl;

        @Override
        int run(ApiClient client, Output output) {
            String text = value;
            if (text != null && file != null) {
                throw CommandFailure.wrongUsage("give VALUE or --file, not both");
            }
            byte[] content = text != null
                    ? text.getBytes(StandardCharsets.UTF_8)
                    : Bytes.read(environment(), file == null ? Path.of("-") : file);
            KvKey written = await(
                    client.kv().put(namespace, key, content, metadata, ttl == null ? null : Duration.ofSeconds(ttl)));
            output.value(written);
            output.line(namespace + " " + key + ": " + written.sizeBytes() + " bytes, revision " + written.revision());
            return 0;
        }
    }

    /** {@code verge kv get}. */
    @Command(
            name = "get",
            description = "Prints a value, byte for byte; with --json in base64, and its metadata.",
            footer = {"", "Example:", "  verge kv get assets logo > logo.png"})
    static final class Get extends ApiCommand {
        @Parameters(index = "0", paramLabel = "NAMESPACE", description = "Which namespace.")
        private String namespace = "";

        @Parameters(index = "1", paramLabel = "KEY", description = "Which key.")
        private String key = "";

        @Override
        int run(ApiClient client, Output output) {
            KvValue found = await(client.kv().get(namespace, key));
            byte[] content = found.bytes();
            Map<String, Object> value = new LinkedHashMap<>();
            value.put("key", key);
            value.put("sizeBytes", content.length);
            if (found.metadata() != null) {
                value.put("metadata", found.metadata());
            }
            value.put("base64", Base64.getEncoder().encodeToString(content));
            output.value(value);
            output.bytes(content);
            return 0;
        }
    }

    /** {@code verge kv list}. */
    @Command(
            name = "list",
            description = "Lists the keys of a namespace.",
            footer = {"", "Example:", "  verge kv list prefs --prefix users/"})
    static final class ListKeys extends ApiCommand {
        @Parameters(paramLabel = "NAMESPACE", description = "Which namespace.")
        private String namespace = "";

        @Option(names = "--prefix", paramLabel = "P", defaultValue = "", description = "Only keys that begin so.")
        private String prefix = "";

        @Override
        int run(ApiClient client, Output output) {
            List<KvKey> keys = await(client.kv().list(namespace, prefix));
            output.value(keys);
            output.table(
                    List.of("KEY", "BYTES", "CHANGED", "EXPIRES", "METADATA"),
                    keys.stream()
                            .map(entry -> List.of(
                                    entry.key(),
                                    Long.toString(entry.sizeBytes()),
                                    entry.changedAt().toString(),
                                    entry.expiresAt() == null
                                            ? "-"
                                            : entry.expiresAt().toString(),
                                    entry.metadata() == null ? "-" : entry.metadata()))
                            .toList());
            return 0;
        }
    }

    /** {@code verge kv delete}. */
    @Command(
            name = "delete",
            description = "Removes a key.",
            footer = {"", "Example:", "  verge kv delete prefs theme"})
    static final class Delete extends ApiCommand {
        @Parameters(index = "0", paramLabel = "NAMESPACE", description = "Which namespace.")
        private String namespace = "";

        @Parameters(index = "1", paramLabel = "KEY", description = "Which key.")
        private String key = "";

        @Override
        int run(ApiClient client, Output output) {
            await(client.kv().delete(namespace, key));
            output.value(Map.of("deleted", key, "namespace", namespace));
            output.line(namespace + " " + key + ": deleted");
            return 0;
        }
    }
}
