package dev.verge.deploy.local;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.server.SnapshotReader;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of a local log at one revision. */
final class LocalSnapshot implements SnapshotReader {
    private final long revision;
    private final List<LogEntry> entries;
    private int next;

    LocalSnapshot(long revision, List<LogEntry> entries) {
        this.revision = revision;
        this.entries = entries;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public long purgeFloor() {
        return 0;
    }

    @Override
    public @Nullable FleetKey fleetKey() {
        return null;
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
