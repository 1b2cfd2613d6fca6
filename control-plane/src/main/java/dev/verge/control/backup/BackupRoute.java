package dev.verge.control.backup;

import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.resource.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/** A backup over the API. */
public final class BackupRoute {
    private static final String PREFIX = "backup";
    private static final String SUFFIX = ".zip";
    private static final int RETRY_SECONDS = 10;

    private final BackupWriter writer;
    private final Path folder;
    private final Semaphore one = new Semaphore(1);

    /** Backups that are put together in {@code folder} before they are sent. */
    public BackupRoute(BackupWriter writer, Path folder) {
        this.writer = writer;
        this.folder = folder;
        removeLeftovers();
    }

    /** A process that was killed while it made one left its file. */
    private void removeLeftovers() {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("backups that were left in " + folder + " cannot be removed", e);
        }
    }

    /** The declared route. */
    public Route route() {
        return Route.get(
                "/backup",
                "backup",
                Scope.OPERATOR,
                "The whole state as a file, for `verge restore`; one at a time. Secrets stay sealed in it: keep the secret key with it.",
                Route.Answer.bytes(),
                this::backup);
    }

    private Reply backup(Call call) {
        if (!one.tryAcquire()) {
            throw Problems.unavailable("Another backup is being made.", RETRY_SECONDS);
        }
        try {
            Path file = Files.createTempFile(folder, PREFIX, SUFFIX);
            boolean done = false;
            try (OutputStream to = Files.newOutputStream(file)) {
                writer.write(to, call.now());
                done = true;
            } finally {
                if (!done) {
                    Files.delete(file);
                }
            }
            return Reply.file("application/zip", file)
                    .with("Content-Disposition", "attachment; filename=\"verge-backup.zip\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            one.release();
        }
    }
}
