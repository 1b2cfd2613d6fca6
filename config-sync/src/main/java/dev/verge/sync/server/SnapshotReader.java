package dev.verge.sync.server;

import dev.verge.sync.log.LogEntry;
import io.vertx.core.Future;
import java.util.List;

/** Reads the state at one revision in pieces. One call at a time; closed exactly once, read to its end or not. */
public interface SnapshotReader {

    /** The state after this commit. */
    long revision();

    /** Every purge above this revision is among the entries. */
    long purgeFloor();

    /** How many entries there are. */
    long entries();

    /**
     * The next entries, each live key once.
     *
     * @param maxEntries at most so many
     * @return empty at the end
     */
    Future<List<LogEntry>> next(int maxEntries);

    /** Frees what it holds. */
    void close();
}
