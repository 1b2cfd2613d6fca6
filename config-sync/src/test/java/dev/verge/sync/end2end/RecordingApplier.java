package dev.verge.sync.end2end;

import dev.verge.sync.client.Applier;
import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Snapshot;
import dev.verge.sync.log.State;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A node in miniature: what it was given is in force, but for values that contain {@code refuse}. */
final class RecordingApplier implements Applier {

    private final TreeMap<String, String> inForce = new TreeMap<>();
    private final List<Long> commits = new ArrayList<>();
    private final List<String> purges = new ArrayList<>();
    private int snapshots;
    private int missedPurges;
    private State restored = State.empty();
    private final List<List<String>> groups = new ArrayList<>();
    Function<Commit, Future<ApplyResult>> slow = commit -> Future.succeededFuture(ApplyResult.applied());

    synchronized Map<String, String> inForce() {
        return new TreeMap<>(inForce);
    }

    synchronized List<Long> commits() {
        return List.copyOf(commits);
    }

    synchronized List<String> purges() {
        return List.copyOf(purges);
    }

    synchronized int snapshots() {
        return snapshots;
    }

    synchronized int missedPurges() {
        return missedPurges;
    }

    synchronized State restored() {
        return restored;
    }

    /** What it was told to belong to, in order. */
    synchronized List<List<String>> groups() {
        return List.copyOf(groups);
    }

    @Override
    public synchronized void belongs(List<String> now) {
        groups.add(now);
    }

    @Override
    public synchronized Future<ApplyResult> restore(State state) {
        restored = state;
        state.entries().forEach(this::put);
        return Future.succeededFuture(ApplyResult.applied());
    }

    @Override
    public synchronized Future<ApplyResult> apply(Commit commit) {
        Map<String, String> refused = refusals(commit.entries());
        if (!refused.isEmpty()) {
            return Future.succeededFuture(new ApplyResult.Refused(refused));
        }
        return slow.apply(commit).onSuccess(applied -> {
            synchronized (this) {
                commits.add(commit.revision());
                commit.entries().forEach(this::put);
            }
        });
    }

    @Override
    public synchronized Future<ApplyResult> applySnapshot(Snapshot snapshot, boolean missed) {
        snapshots++;
        if (missed) {
            missedPurges++;
        }
        Map<String, String> refused = refusals(snapshot.entries());
        Map<String, String> before = new HashMap<>(inForce);
        inForce.clear();
        for (LogEntry entry : snapshot.entries()) {
            if (!refused.containsKey(entry.key())) {
                put(entry);
            } else if (before.containsKey(entry.key())) {
                inForce.put(entry.key(), before.get(entry.key()));
            }
        }
        return Future.succeededFuture(refused.isEmpty() ? ApplyResult.applied() : new ApplyResult.Refused(refused));
    }

    private static Map<String, String> refusals(List<LogEntry> entries) {
        Map<String, String> refused = new HashMap<>();
        for (LogEntry entry : entries) {
            String value = entry.value();
            if (value != null && value.contains("refuse")) {
                refused.put(entry.key(), "it says refuse");
            }
        }
        return refused;
    }

    private void put(LogEntry entry) {
        String value = entry.value();
        if (!Keys.retained(entry.key())) {
            purges.add(entry.key());
        } else if (value == null) {
            inForce.remove(entry.key());
        } else {
            inForce.put(entry.key(), value);
        }
    }
}
