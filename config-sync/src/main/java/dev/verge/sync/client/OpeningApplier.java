package dev.verge.sync.client;

import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Snapshot;
import dev.verge.sync.log.State;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Hands entries to the node with their secrets open: in memory alone, what is stored stays sealed. What cannot be opened is refused. */
final class OpeningApplier implements Applier {
    private final Applier applier;
    private final KeyRing ring;

    OpeningApplier(Applier applier, KeyRing ring) {
        this.applier = applier;
        this.ring = ring;
    }

    @Override
    public void belongs(List<String> groups) {
        applier.belongs(groups);
    }

    @Override
    public Future<ApplyResult> restore(State state) {
        Opened opened = open(state.entries());
        return applier.restore(new State(state.position(), opened.entries(), state.refused()))
                .map(opened::with);
    }

    @Override
    public Future<ApplyResult> apply(Commit commit) {
        Opened opened = open(commit.entries());
        return opened.closed().isEmpty()
                ? applier.apply(new Commit(commit.revision(), opened.entries()))
                : Future.succeededFuture(new ApplyResult.Refused(opened.closed()));
    }

    @Override
    public Future<ApplyResult> applySnapshot(Snapshot snapshot, boolean missedPurges) {
        Opened opened = open(snapshot.entries());
        return applier.applySnapshot(
                        new Snapshot(snapshot.history(), snapshot.revision(), snapshot.purgeFloor(), opened.entries()),
                        missedPurges)
                .map(opened::with);
    }

    private Opened open(List<LogEntry> entries) {
        List<LogEntry> open = new ArrayList<>(entries.size());
        Map<String, String> closed = new HashMap<>();
        for (LogEntry entry : entries) {
            try {
                open.add(ring.open(entry));
            } catch (IllegalArgumentException e) {
                closed.put(entry.key(), String.valueOf(e.getMessage()));
            }
        }
        return new Opened(open, closed);
    }

    /** Entries that are open, and why others are not. */
    private record Opened(List<LogEntry> entries, Map<String, String> closed) {
        ApplyResult with(ApplyResult result) {
            if (closed.isEmpty()) {
                return result;
            }
            Map<String, String> reasons = new HashMap<>(closed);
            if (result instanceof ApplyResult.Refused(Map<String, String> refused)) {
                reasons.putAll(refused);
            }
            return new ApplyResult.Refused(reasons);
        }
    }
}
