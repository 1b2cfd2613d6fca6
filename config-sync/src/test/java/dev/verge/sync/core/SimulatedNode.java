package dev.verge.sync.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Position;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.log.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The real core, on a disk that survives crashes and with a memory that does not. */
final class SimulatedNode {

    private final SplittableRandom random;
    private final SimulatedControlPlane controlPlane;

    // On disk.
    private Position position = Position.START;
    private Map<String, Refusal> refused = Map.of();
    private final TreeMap<String, LogEntry> stored = new TreeMap<>();
    private final Set<String> blobs = new HashSet<>();

    // In memory.
    private SyncCore core = new SyncCore(position, refused, Sample.trust());
    private final TreeMap<String, LogEntry> inForce = new TreeMap<>();
    private final List<SyncEffect> pending = new ArrayList<>();
    private boolean connected;

    /** Purges that took effect, by revision; a dropped cache counts as all of them up to then. */
    final Set<Long> purged = new HashSet<>();

    /** How often something came that was not signed. */
    int distrusted;

    boolean calm;

    SimulatedNode(SplittableRandom random, SimulatedControlPlane controlPlane) {
        this.random = random;
        this.controlPlane = controlPlane;
    }

    SyncCore core() {
        return core;
    }

    Map<String, LogEntry> inForce() {
        return inForce;
    }

    Map<String, LogEntry> stored() {
        return stored;
    }

    boolean isConnected() {
        return connected;
    }

    boolean isIdle() {
        return pending.isEmpty();
    }

    void connect() {
        connected = true;
        step(new SyncEvent.Connected(List.of(), Sample.trust()));
    }

    void disconnect() {
        connected = false;
        controlPlane.unsubscribe();
        step(new SyncEvent.Disconnected());
    }

    /** What was being written may or may not have reached the disk. */
    void crash() {
        for (SyncEffect effect : pending) {
            if (effect instanceof SyncEffect.Persist(long work, StateUpdate update) && random.nextBoolean()) {
                write(update);
            }
        }
        pending.clear();
        inForce.clear();
        inForce.putAll(stored);
        connected = false;
        controlPlane.unsubscribe();
        core = new SyncCore(position, refused, Sample.trust().withEntries(stored.values()));
    }

    void receive() {
        step(controlPlane.next());
    }

    private void step(SyncEvent event) {
        for (SyncEffect effect : core.step(event)) {
            switch (effect) {
                case SyncEffect.Subscribe(Position since, var known) -> {
                    assertThat(since).isEqualTo(position);
                    controlPlane.subscribe(since);
                }
                case SyncEffect.Acknowledge(long revision) ->
                    assertThat(revision)
                            .as("only what is stored is acknowledged")
                            .isEqualTo(position.revision());
                case SyncEffect.Refuse(long revision, var reasons) ->
                    assertThat(refused.keySet().containsAll(reasons.keySet()) || reasons.containsKey(SyncCore.UNSIGNED))
                            .isTrue();
                case SyncEffect.Distrust distrust -> distrusted++;
                case SyncEffect.Reset reset -> {
                    connected = false;
                    controlPlane.unsubscribe();
                }
                case SyncEffect.FetchBlobs fetch -> pending.add(fetch);
                case SyncEffect.ApplyCommit apply -> pending.add(apply);
                case SyncEffect.ApplySnapshot apply -> pending.add(apply);
                case SyncEffect.Persist persist -> pending.add(persist);
            }
        }
        assertThat(core.position().revision()).isEqualTo(position.revision());
    }

    /** Finishes one thing that is under way. */
    void finish() {
        SyncEffect effect = pending.remove(random.nextInt(pending.size()));
        switch (effect) {
            case SyncEffect.FetchBlobs(long work, Set<String> wanted) -> {
                if (!calm && random.nextInt(10) == 0) {
                    step(new SyncEvent.BlobsFailed(work, "gone"));
                } else {
                    blobs.addAll(wanted);
                    step(new SyncEvent.BlobsReady(work));
                }
            }
            case SyncEffect.ApplyCommit(long work, Commit commit) ->
                step(new SyncEvent.ApplyEnded(work, apply(commit)));
            case SyncEffect.ApplySnapshot(long work, Snapshot snapshot, boolean missed) ->
                step(new SyncEvent.ApplyEnded(work, apply(snapshot, missed)));
            case SyncEffect.Persist(long work, StateUpdate update) -> {
                if (!calm && random.nextInt(20) == 0) {
                    // The process cannot go on with memory and disk apart for long: here it restarts.
                    step(new SyncEvent.PersistFailed(work, "full"));
                    crash();
                } else {
                    write(update);
                    stepPersisted(work);
                }
            }
            case SyncEffect.Subscribe e -> throw new IllegalStateException();
            case SyncEffect.Acknowledge e -> throw new IllegalStateException();
            case SyncEffect.Refuse e -> throw new IllegalStateException();
            case SyncEffect.Distrust e -> throw new IllegalStateException();
            case SyncEffect.Reset e -> throw new IllegalStateException();
        }
    }

    private void stepPersisted(long work) {
        step(new SyncEvent.Persisted(work));
        assertThat(core.position()).isEqualTo(position);
    }

    private ApplyResult apply(Commit commit) {
        assertBlobs(commit.entries());
        Map<String, String> reasons = refusals(commit.entries());
        if (!reasons.isEmpty()) {
            return new ApplyResult.Refused(reasons);
        }
        commit.entries().forEach(this::put);
        return ApplyResult.applied();
    }

    private ApplyResult apply(Snapshot snapshot, boolean missedPurges) {
        assertBlobs(snapshot.entries());
        if (missedPurges || position.equals(Position.START)) {
            for (long revision = 1; revision <= snapshot.purgeFloor(); revision++) {
                purged.add(revision);
            }
        }
        Map<String, String> reasons = refusals(snapshot.entries());
        Map<String, LogEntry> before = new HashMap<>(inForce);
        inForce.clear();
        for (LogEntry entry : snapshot.entries()) {
            if (!reasons.containsKey(entry.key())) {
                put(entry);
            } else if (before.containsKey(entry.key())) {
                inForce.put(entry.key(), before.get(entry.key()));
            }
        }
        return reasons.isEmpty() ? ApplyResult.applied() : new ApplyResult.Refused(reasons);
    }

    private void assertBlobs(List<LogEntry> entries) {
        assertThat(blobs)
                .as("code is there before it is needed")
                .containsAll(EntryCheck.of(entries).blobs());
    }

    private static Map<String, String> refusals(List<LogEntry> entries) {
        Map<String, String> reasons = new HashMap<>();
        for (LogEntry entry : entries) {
            String value = entry.value();
            if (value != null && value.contains("refuse")) {
                reasons.put(entry.key(), "it says refuse");
            }
        }
        return reasons;
    }

    private void put(LogEntry entry) {
        assertThat(entry.value()).as("nothing forged is applied").isNotEqualTo(SimulatedControlPlane.FORGED);
        if (!Keys.retained(entry.key())) {
            purged.add(entry.revision());
        } else if (entry.isTombstone()) {
            inForce.remove(entry.key());
        } else {
            inForce.put(entry.key(), entry);
        }
    }

    private void write(StateUpdate update) {
        assertThat(update.position().revision())
                .as("revisions never go back")
                .isGreaterThanOrEqualTo(position.revision());
        if (update.replaceAll()) {
            stored.keySet().retainAll(update.keep());
        }
        for (LogEntry entry : update.entries()) {
            if (entry.isTombstone()) {
                stored.remove(entry.key());
            } else {
                stored.put(entry.key(), entry);
            }
        }
        position = update.position();
        refused = update.refused();
    }
}
