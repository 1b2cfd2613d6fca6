package dev.verge.sync.server;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.log.LogEntry;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A snapshot of a log whose whole state is in memory. */
public final class ListSnapshot implements SnapshotReader {
    private final long revision;
    private final long purgeFloor;
    private final List<LogEntry> entries;
    private final @Nullable FleetKey fleetKey;
    private int next;

    /**
     * The state at one revision.
     *
     * @param entries in the order in which they are read
     * @param fleetKey what secret values are sealed with; null where nothing is sealed
     */
    public ListSnapshot(long revision, long purgeFloor, List<LogEntry> entries, @Nullable FleetKey fleetKey) {
        this.revision = revision;
        this.purgeFloor = purgeFloor;
        this.entries = List.copyOf(entries);
        this.fleetKey = fleetKey;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public long purgeFloor() {
        return purgeFloor;
    }

    @Override
    public @Nullable FleetKey fleetKey() {
        return fleetKey;
    }

    @Override
    public long entries() {
        return entries.size();
    }

    @Override
    public Future<List<LogEntry>> next(int maxEntries) {
        int from = next;
        next = Math.min(entries.size(), from + maxEntries);
        return Future.succeededFuture(entries.subList(from, next));
    }

    @Override
    public void close() {}
}
