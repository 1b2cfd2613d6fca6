package dev.verge.control.backup;

import dev.verge.control.resource.WireJson;
import dev.verge.control.store.Blobs;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes backups. A backup is the state at one revision, however long writing it takes and whatever changes meanwhile. */
public final class BackupWriter {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Database database;
    private final Blobs blobs;
    private final Function<Session, Set<String>> named;

    /**
     * Backups of a store.
     *
     * @param named the hashes of all blobs that the state names
     */
    public BackupWriter(Database database, Blobs blobs, Function<Session, Set<String>> named) {
        this.database = database;
        this.blobs = blobs;
        this.named = named;
    }

    /** Writes a backup; the stream is left open. */
    public void write(OutputStream to, Instant now) throws IOException {
        try (Database.HeldRead held = database.hold()) {
            Session session = held.session();
            Set<String> hashes = new TreeSet<>(named.apply(session));
            ZipOutputStream zip =
                    new ZipOutputStream(new BufferedOutputStream(to, BUFFER_BYTES), StandardCharsets.UTF_8);
            zip.putNextEntry(new ZipEntry(BackupFile.MANIFEST));
            zip.write(WireJson.bytes(manifest(session, hashes.size(), now)));
            zip.closeEntry();
            for (String table : BackupFile.ORDER) {
                zip.putNextEntry(new ZipEntry(BackupFile.TABLES + table + BackupFile.LINES));
                session.each("SELECT * FROM " + table, row -> line(zip, row));
                zip.closeEntry();
            }
            for (String hash : hashes) {
                zip.putNextEntry(new ZipEntry(BackupFile.BLOBS + hash));
                Path content = blobs.find(hash)
                        .orElseThrow(() -> new IOException("the blob " + hash + " is named but not there"));
                var _ = Files.copy(content, zip);
                zip.closeEntry();
            }
            zip.finish();
            zip.flush();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static BackupFile.Manifest manifest(Session session, long blobs, Instant now) {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String table : BackupFile.ORDER) {
            rows.put(table, session.number("SELECT COUNT(*) AS n FROM " + table));
        }
        String version = BackupWriter.class.getPackage().getImplementationVersion();
        return session.first(
                        "SELECT history, revision FROM log_head WHERE id = 1",
                        row -> new BackupFile.Manifest(
                                BackupFile.FORM,
                                version == null ? "development" : version,
                                now,
                                row.text("history"),
                                row.number("revision"),
                                rows,
                                blobs))
                .orElseThrow();
    }

    private static void line(ZipOutputStream zip, Map<String, @Nullable Object> row) {
        try {
            zip.write(WireJson.bytes(row));
            zip.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
