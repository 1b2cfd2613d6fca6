package dev.verge.control.store;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Blobs in a database that several control planes share, with files of those that this one has made or was asked for. */
public final class SharedBlobs implements Blobs {

    /** A blob is older than this before it counts as one that nothing names: the commit that names it comes after it. */
    private static final Duration YOUNG = Duration.ofDays(1);

    private final Database database;
    private final BlobFolder files;

    /** Blobs of {@code database}, with files in {@code files}. */
    public SharedBlobs(Database database, BlobFolder files) {
        this.database = database;
        this.files = files;
    }

    @Override
    public void put(String sha256, byte[] bytes) {
        Instant now = Instant.now();
        database.write(session -> {
            // A blob that is there may be about to be swept; it is young again.
            int there = session.update("UPDATE blob SET created_at = ? WHERE sha256 = ?", now, sha256);
            return there > 0
                    ? there
                    : session.update(
                            "INSERT INTO blob (sha256, content, created_at) VALUES (?, ?, ?)", sha256, bytes, now);
        });
        files.put(sha256, bytes);
    }

    @Override
    public Optional<Path> find(String sha256) {
        Optional<Path> file = files.find(sha256);
        if (file.isPresent()) {
            return file;
        }
        Optional<byte[]> content = database.read(session ->
                session.first("SELECT content FROM blob WHERE sha256 = ?", row -> row.bytes("content"), sha256));
        content.ifPresent(bytes -> files.put(sha256, bytes));
        return files.find(sha256);
    }

    /** Removes blobs that nothing names, of which there may be some after failed changes; answers how many. */
    public int sweep(Function<Session, Set<String>> used) {
        return database.write(session -> {
            Set<String> kept = used.apply(session);
            int removed = 0;
            for (String sha256 : session.list(
                    "SELECT sha256 FROM blob WHERE created_at < ?",
                    row -> row.text("sha256"),
                    Instant.now().minus(YOUNG))) {
                if (!kept.contains(sha256)) {
                    removed += session.update("DELETE FROM blob WHERE sha256 = ?", sha256);
                }
            }
            return removed;
        });
    }
}
