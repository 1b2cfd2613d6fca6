package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import io.vertx.core.Vertx;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge backup}: the whole state of the control plane as one file. */
@Command(
        name = "backup",
        description = {
            "Saves the whole state of the control plane: sites, functions with their versions, values, tokens, nodes, audit.",
            "Secrets stay sealed in it: keep the control plane's secret key as well, in another place. For operators."
        },
        footer = {"", "Example:", "  verge backup --out verge-2026-11-25.zip"})
final class BackupCommand extends ApiCommand {
    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to; replaced when it is there.")
    private Path out = Path.of("");

    @Override
    int run(ApiClient client, Output output) throws IOException {
        Path draft = out.resolveSibling(out.getFileName() + ".part");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Vertx vertx = Vertx.vertx();
        boolean done = false;
        try {
            AsyncFile file = await(vertx.fileSystem().open(draft.toString(), new OpenOptions()));
            await(client.backup(file));
            Files.move(draft, out, StandardCopyOption.REPLACE_EXISTING);
            done = true;
        } finally {
            vertx.close();
            if (!done) {
                Files.deleteIfExists(draft);
            }
        }
        long bytes = Files.size(out);
        output.value(Map.of("file", out.toString(), "bytes", bytes));
        output.line("saved " + bytes + " bytes to " + out + "; keep the secret key of the control plane as well");
        return 0;
    }
}
