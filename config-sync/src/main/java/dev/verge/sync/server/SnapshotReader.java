package dev.verge.sync.server;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.log.LogEntry;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the state at one revision in pieces. One call at a time; closed exactly once, read to its end or not. */
public interface SnapshotReader {

    /** The state after this commit. */
    long revision();

    /** Every purge above this revision is among the entries. */
    long purgeFloor();

    /** What secrets among the entries are sealed under; null when there are none. */
    @Nullable
    FleetKey fleetKey();

    /** How many entries there are, those for some nodes only included. */
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
