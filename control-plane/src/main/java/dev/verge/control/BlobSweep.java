package dev.verge.control;

import dev.verge.control.function.FunctionTable;
import dev.verge.control.log.LogTable;
import dev.verge.control.store.BlobFolder;
import dev.verge.control.store.Blobs;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import dev.verge.control.store.SharedBlobs;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes blobs that nothing names any more: at the start, and whenever many bytes of new ones have come since. */
final class BlobSweep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlobSweep.class);

    /** What {@link #start} is usually told. */
    static final long EVERY_BYTES = 1L << 30;

    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** The commit that names a blob comes within that time after it. */
    private static final Duration YOUNG = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final Database database;
    private final BlobFolder files;
    private final Blobs blobs;
    private final long everyBytes;
    private final long timer;
    private long sweptAt;

    private BlobSweep(Vertx vertx, Database database, BlobFolder files, Blobs blobs, long everyBytes) {
        this.vertx = vertx;
        this.database = database;
        this.files = files;
        this.blobs = blobs;
        this.everyBytes = everyBytes;
        this.timer = vertx.setPeriodic(
                PAUSE.toMillis(),
                ignored -> Thread.ofVirtual().name("blob-sweep").start(this::look));
    }

    /** The blobs of a store whose files are there, without those that nothing names; nothing is written to them yet. */
    static Blobs open(Database database, BlobFolder files) {
        Blobs blobs = database.shared() ? new SharedBlobs(database, files) : files;
        sweep(database, files, blobs, Instant.MAX);
        return blobs;
    }

    /**
     * Sweeps from time to time.
     *
     * @param everyBytes bytes of new blobs after which it is worth to look at all
     */
    static BlobSweep start(Vertx vertx, Database database, BlobFolder files, Blobs blobs, long everyBytes) {
        return new BlobSweep(vertx, database, files, blobs, everyBytes);
    }

    /** Hashes of stored versions' code, and of what nodes may yet ask for. */
    static Set<String> used(Session session) {
        Set<String> used = new HashSet<>(FunctionTable.hashes(session));
        used.addAll(LogTable.blobs(session));
        return used;
    }

    /** What happens each minute. */
    synchronized void look() {
        long kept = files.keptBytes();
        if (kept - sweptAt < everyBytes) {
            return;
        }
        try {
            sweep(database, files, blobs, Instant.now().minus(YOUNG));
            sweptAt = kept;
        } catch (RuntimeException e) {
            LOG.warn("old blobs could not be removed; it is tried again", e);
        }
    }

    private static void sweep(Database database, BlobFolder files, Blobs blobs, Instant before) {
        Set<String> used = database.read(BlobSweep::used);
        int swept = files.sweep(used, before);
        if (blobs instanceof SharedBlobs shared) {
            swept += shared.sweep(used);
        }
        if (swept > 0) {
            LOG.info("removed {} blobs that nothing names any more", swept);
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
