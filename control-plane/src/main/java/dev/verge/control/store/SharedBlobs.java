package dev.verge.control.store;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Blobs in a database that several control planes share, with files of those that this one has made or was asked for. */
public final class SharedBlobs implements Blobs {

    /** A blob is older than this before it counts as one that nothing names: the commit that names it comes after it. */
    private static final Duration YOUNG = Duration.ofDays(1);

    /** What is read of a blob at a time. */
    private static final int SLICE_BYTES = 1 << 20;

    private final Database database;
    private final BlobFolder files;

    /** One blob is brought at a time: a thousand nodes that ask for the same one make one copy of it. */
    private final ReentrantLock bringing = new ReentrantLock();

    /** And one is stored at a time, beside which there is a connection for messages. */
    private final ReentrantLock storing = new ReentrantLock();

    /** Blobs of {@code database}, with files in {@code files}. */
    public SharedBlobs(Database database, BlobFolder files) {
        this.database = database;
        this.files = files;
    }

    @Override
    public BlobDraft draft() {
        return files.draft();
    }

    /** The database first: what is only a file here, other control planes cannot have. */
    @Override
    public String keep(BlobDraft draft) {
        String sha256 = draft.finish();
        storing.lock();
        try {
            Instant now = Instant.now();
            database.relay(session -> {
                // A blob that is there may be about to be swept; it is young again.
                int there = session.update("UPDATE blob SET created_at = ? WHERE sha256 = ?", now, sha256);
                return there > 0
                        ? there
                        : session.updateFrom(
                                draft.file(),
                                "INSERT INTO blob (sha256, created_at, content) VALUES (?, ?, ?)"
                                        + " ON CONFLICT (sha256) DO UPDATE SET created_at = EXCLUDED.created_at",
                                sha256,
                                now);
            });
        } finally {
            storing.unlock();
        }
        return files.keep(draft, sha256);
    }

    @Override
    public Optional<Path> find(String sha256) {
        Optional<Path> file = files.find(sha256);
        if (file.isPresent()) {
            return file;
        }
        bringing.lock();
        try {
            Optional<Path> meanwhile = files.find(sha256);
            if (meanwhile.isEmpty()) {
                bring(sha256);
            }
            return files.find(sha256);
        } finally {
            bringing.unlock();
        }
    }

    /** Slice by slice, so that a long one is never in memory. */
    private void bring(String sha256) {
        try (BlobDraft draft = files.draft()) {
            long at = 0;
            for (byte @Nullable [] slice = slice(sha256, at); slice != null; slice = slice(sha256, at)) {
                draft.write(slice);
                at += slice.length;
                if (slice.length < SLICE_BYTES) {
                    files.keep(draft);
                    return;
                }
            }
        }
    }

    /** Shorter than a slice at the end; null when there is no such blob. */
    private byte @Nullable [] slice(String sha256, long at) {
        return database.read(session -> session.first(
                        "SELECT SUBSTRING(content FROM ? FOR ?) AS part FROM blob WHERE sha256 = ?",
                        row -> row.bytes("part"),
                        Math.toIntExact(at + 1),
                        SLICE_BYTES,
                        sha256))
                .orElse(null);
    }

    /** Removes blobs that nothing names, of which there are some after failed changes and replaced values; answers how many. */
    public int sweep(Set<String> used) {
        Instant before = Instant.now().minus(YOUNG);
        List<String> unused = database
                .read(session ->
                        session.list("SELECT sha256 FROM blob WHERE created_at < ?", row -> row.text("sha256"), before))
                .stream()
                .filter(sha256 -> !used.contains(sha256))
                .toList();
        int removed = 0;
        for (String sha256 : unused) {
            // One that was written again meanwhile is young.
            removed += database.relay(
                    session -> session.update("DELETE FROM blob WHERE sha256 = ? AND created_at < ?", sha256, before));
        }
        return removed;
    }
}
