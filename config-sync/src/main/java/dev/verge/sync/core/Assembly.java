package dev.verge.sync.core;

import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Snapshot;
import dev.verge.sync.trust.SnapshotHash;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A snapshot that is still arriving. */
final class Assembly {
    private final SyncEvent.SnapshotBegun begun;
    private final List<LogEntry> entries = new ArrayList<>();
    private final SnapshotHash hash = new SnapshotHash();

    Assembly(SyncEvent.SnapshotBegun begun) {
        this.begun = begun;
    }

    String history() {
        return begun.history();
    }

    List<LogEntry> entries() {
        return entries;
    }

    /** Takes a piece; false when there is more than was announced. */
    boolean add(List<LogEntry> piece) {
        if (entries.size() + piece.size() > begun.entries()) {
            return false;
        }
        entries.addAll(piece);
        hash.add(piece);
        return true;
    }

    boolean complete(long revision, long count) {
        return begun.revision() == revision && entries.size() == count;
    }

    /** What the control plane must have signed. To be called once. */
    byte[] statement() {
        return hash.statement(begun.history(), begun.revision(), begun.purgeFloor());
    }

    /** The snapshot, or null when it contradicts itself. */
    @Nullable
    Snapshot snapshot() {
        Set<String> keys = new HashSet<>();
        boolean sound = begun.purgeFloor() >= 0 && begun.purgeFloor() <= begun.revision();
        for (LogEntry entry : entries) {
            sound &= keys.add(entry.key()) && !entry.isTombstone() && entry.revision() <= begun.revision();
        }
        return sound ? new Snapshot(begun.history(), begun.revision(), begun.purgeFloor(), entries) : null;
    }
}
