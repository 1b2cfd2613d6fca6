package dev.verge.control.log;

import dev.verge.control.store.Database;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets the log's past from time to time, so that it does not grow without end. */
public final class Compactor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final Database database;
    private final long kept;
    private final long timer;

    /** Keeps the latest {@code kept} commits of the log in {@code database}. */
    public Compactor(Vertx vertx, Database database, long kept) {
        this.vertx = vertx;
        this.database = database;
        this.kept = kept;
        this.timer = vertx.setPeriodic(
                PAUSE.toMillis(),
                ignored -> Thread.ofVirtual().name("compactor").start(this::run));
    }

    private void run() {
        try {
            compact(database, kept);
        } catch (RuntimeException e) {
            LOG.warn("the log could not be compacted; it is tried again", e);
        }
    }

    /** Compacts once there is a tenth more than is kept; so most runs have nothing to do. Answers the first revision not kept. */
    public static long compact(Database database, long kept) {
        boolean due = database.read(session -> LogTable.head(session) - LogTable.floor(session) > kept + kept / 10);
        return due ? database.write(session -> LogTable.compact(session, kept)) : database.read(LogTable::floor);
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
