package dev.verge.control.backup;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.resource.WireJson;
import dev.verge.control.store.BlobDraft;
import dev.verge.control.store.Blobs;
import dev.verge.control.store.Database;
import dev.verge.control.store.DerivedRows;
import dev.verge.control.store.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Makes the state of an empty store from a backup: all of it or nothing. */
public final class BackupReader {
    private static final TypeReference<BackupFile.Manifest> MANIFEST = new TypeReference<>() {};
    private static final int PIECE_BYTES = 1 << 16;

    private BackupReader() {}

    /** The tables that backups hold or leave out on purpose. */
    public static Set<String> known() {
        Set<String> tables = new HashSet<>(BackupFile.ORDER);
        tables.addAll(BackupFile.LEFT_OUT);
        return tables;
    }

    /**
     * What was restored.
     *
     * @param revision the log's head
     * @param rows in all tables
     */
    public record Restored(long revision, long rows, long blobs) {}

    /** A backup cannot be restored; the message says why and what to do. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }

        Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Restores a backup.
     *
     * @param last done in the same transaction when all rows are there
     * @throws Refused when the file is no whole backup, is of a newer version, or the store is not empty
     */
    public static Restored restore(Path file, Database database, Blobs blobs, Consumer<Session> last) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            BackupFile.Manifest manifest = manifest(zip, file);
            List<ZipEntry> contents = Collections.list(zip.entries()).stream()
                    .map(ZipEntry.class::cast)
                    .filter(entry -> entry.getName().startsWith(BackupFile.BLOBS))
                    .toList();
            if (contents.size() != manifest.blobs()) {
                throw new Refused(file + " is not whole: it has " + contents.size() + " blobs of " + manifest.blobs());
            }
            database.read(session -> {
                empty(session);
                return true;
            });
            // Contents without a name do no harm, names without a content would.
            for (ZipEntry entry : contents) {
                String hash = entry.getName().substring(BackupFile.BLOBS.length());
                if (!keep(zip, entry, blobs).equals(hash)) {
                    throw new Refused(file + " is damaged: the blob " + hash + " is not what its name says");
                }
            }
            return database.write(session -> {
                empty(session);
                long rows = 0;
                for (String table : List.of("log_head", "counter", "setting")) {
                    session.update("DELETE FROM " + table);
                }
                for (String table : BackupFile.ORDER) {
                    long read = rows(zip, file, session, table);
                    long wanted = manifest.rows().getOrDefault(table, 0L);
                    if (read != wanted) {
                        throw new Refused(file + " is not whole: " + read + " rows of " + wanted + " in " + table);
                    }
                    rows += read;
                }
                session.update("UPDATE node SET replica = NULL");
                DerivedRows.fill(session);
                last.accept(session);
                return new Restored(manifest.revision(), rows, contents.size());
            });
        } catch (ZipException e) {
            throw new Refused(file + " is no backup, or is not whole: " + e.getMessage(), e);
        } catch (IOException | UncheckedIOException e) {
            throw new Refused(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String keep(ZipFile zip, ZipEntry entry, Blobs blobs) throws IOException {
        try (InputStream content = zip.getInputStream(entry);
                BlobDraft draft = blobs.draft()) {
            for (byte[] piece = content.readNBytes(PIECE_BYTES);
                    piece.length > 0;
                    piece = content.readNBytes(PIECE_BYTES)) {
                draft.write(piece);
            }
            return blobs.keep(draft);
        }
    }

    private static void empty(Session session) {
        if (session.exists("SELECT 1 FROM account LIMIT 1")) {
            throw new Refused(
                    "the store holds data already; restore into an empty one: set data to a new folder, and store.url to a new"
                            + " database if it is set");
        }
    }

    private static BackupFile.Manifest manifest(ZipFile zip, Path file) throws IOException {
        ZipEntry entry = zip.getEntry(BackupFile.MANIFEST);
        if (entry == null) {
            throw new Refused(file + " is no backup: it has no " + BackupFile.MANIFEST);
        }
        BackupFile.Manifest manifest;
        try {
            manifest = WireJson.read(zip.getInputStream(entry).readAllBytes(), MANIFEST);
        } catch (IllegalArgumentException e) {
            throw new Refused(file + " is no backup: its " + BackupFile.MANIFEST + " cannot be read", e);
        }
        if (manifest.form() != BackupFile.FORM
                || !BackupFile.ORDER.containsAll(manifest.rows().keySet())) {
            throw new Refused(file + " was made by version " + manifest.software()
                    + ", which this one cannot read; restore it with that version or a newer one");
        }
        return manifest;
    }

    private static long rows(ZipFile zip, Path file, Session session, String table) {
        ZipEntry entry = zip.getEntry(BackupFile.TABLES + table + BackupFile.LINES);
        if (entry == null) {
            // A table that is younger than the backup.
            return 0;
        }
        Set<String> columns = session.columns(table);
        long count = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(zip.getInputStream(entry), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                insert(session, file, table, columns, WireJson.parse(line));
                count++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count;
    }

    private static void insert(Session session, Path file, String table, Set<String> columns, JsonNode row) {
        List<String> names = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (Map.Entry<String, JsonNode> column : row.properties()) {
            if (!columns.contains(column.getKey())) {
                throw new Refused(file + ": " + table + " has a column " + column.getKey()
                        + " that this version does not know; restore it with the version that made it");
            }
            names.add(column.getKey());
            JsonNode value = column.getValue();
            values.add(value.isNull() ? null : value.isNumber() ? (Object) value.longValue() : value.textValue());
        }
        session.update(
                "INSERT INTO " + table + " (" + String.join(", ", names) + ") VALUES ("
                        + String.join(", ", Collections.nCopies(names.size(), "?")) + ")",
                values.toArray());
    }
}
