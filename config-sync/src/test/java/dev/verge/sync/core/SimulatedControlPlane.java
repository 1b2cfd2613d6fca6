package dev.verge.sync.core;

import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Position;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.trust.Proof;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.trust.SnapshotHash;
import dev.verge.sync.trust.TestTrust;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The other end: a log, and a stream of events to the node that faults may be put into. */
final class SimulatedControlPlane {

    private static final String[] NAMES = {"a", "b", "c", "d", "fa", "fb"};

    final String history = "h";
    final List<Commit> commits = new ArrayList<>();
    long compactedTo;
    private final SplittableRandom random;
    private final Deque<SyncEvent> stream = new ArrayDeque<>();
    private long sentTo = -1;
    private int purges;
    private final TreeMap<Long, SigningKeyEntry> keys = new TreeMap<>();
    private final Map<Integer, SignedCommit> signedBefore = new HashMap<>();
    private @Nullable SigningKeyEntry toRetire;

    /** What an attacker writes; nothing else looks so. */
    static final String FORGED = "{\"forged\": true}";

    SimulatedControlPlane(SplittableRandom random) {
        this.random = random;
    }

    void commit() {
        long revision = commits.size() + 1L;
        if (random.nextInt(4) == 0) {
            commits.add(Commit.of(Sample.entry(revision, "p" + ++purges, "tag")));
            return;
        }
        List<LogEntry> entries = new ArrayList<>();
        for (String name : NAMES) {
            if (random.nextInt(4) == 0) {
                entries.add(Sample.entry(revision, name, value(name, revision)));
            }
        }
        if (entries.isEmpty()) {
            entries.add(Sample.entry(revision, "a", "v" + revision));
        }
        commits.add(new Commit(revision, entries));
    }

    private String value(String name, long revision) {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return "!";
        }
        if (name.startsWith("f")) {
            return "code:" + "0123456789abcdef".charAt(random.nextInt(16));
        }
        return (kind < 3 ? "refuse" : "v") + revision;
    }

    void compact() {
        compactedTo = Math.max(compactedTo, commits.size() - (long) random.nextInt(4));
    }

    Map<String, LogEntry> state() {
        TreeMap<String, LogEntry> state = new TreeMap<>();
        for (Commit commit : commits) {
            for (LogEntry entry : commit.entries()) {
                boolean over = !Keys.retained(entry.key()) && entry.revision() <= compactedTo;
                if (entry.isTombstone() || over) {
                    state.remove(entry.key());
                } else {
                    state.put(entry.key(), entry);
                }
            }
        }
        return state;
    }

    void subscribe(Position since) {
        stream.clear();
        stream.add(new SyncEvent.HeadReceived(history, commits.size()));
        if (since.history().equals(history) && since.revision() >= compactedTo) {
            sentTo = since.revision();
        } else {
            List<LogEntry> entries = List.copyOf(state().values());
            stream.add(new SyncEvent.SnapshotBegun(history, commits.size(), compactedTo, entries.size()));
            for (int i = 0; i < entries.size(); i += 3) {
                stream.add(new SyncEvent.SnapshotPart(entries.subList(i, Math.min(entries.size(), i + 3))));
            }
            stream.add(end(entries));
            sentTo = commits.size();
        }
    }

    void unsubscribe() {
        stream.clear();
        sentTo = -1;
    }

    boolean hasNext() {
        push();
        return !stream.isEmpty();
    }

    private void push() {
        while (sentTo >= 0 && sentTo < commits.size() && stream.size() < 20) {
            stream.add(new SyncEvent.CommitReceived(signed((int) sentTo++)));
        }
    }

    SyncEvent next() {
        push();
        return stream.remove();
    }

    /** The key of the time of a commit signs it. */
    private SignedCommit signed(int index) {
        return signedBefore.computeIfAbsent(
                index, i -> SignedCommit.sign(history, commits.get(i), statement -> sign(i + 1L, statement)));
    }

    private Proof sign(long revision, byte[] statement) {
        SigningKeyEntry by = Sample.KEY;
        for (Map.Entry<Long, SigningKeyEntry> key : keys.entrySet()) {
            if (key.getKey() <= revision) {
                by = key.getValue();
            }
        }
        return TestTrust.sign(by, statement);
    }

    private SyncEvent end(List<LogEntry> entries) {
        SnapshotHash hash = new SnapshotHash();
        hash.add(entries);
        return new SyncEvent.SnapshotEnded(
                commits.size(),
                entries.size(),
                sign(Long.MAX_VALUE, hash.statement(history, commits.size(), compactedTo)));
    }

    /** Announces a new key, or retires the one before the newest. */
    void changeKeys() {
        long revision = commits.size() + 1L;
        SigningKeyEntry newest = keys.isEmpty() ? Sample.KEY : keys.lastEntry().getValue();
        if (toRetire != null) {
            SigningKeyEntry old = toRetire;
            commits.add(Commit.of(
                    LogEntry.of(revision, new SigningKeyEntry(old.number(), old.publicKey(), old.link(), true))));
            toRetire = null;
        } else if (newest.number() < 9) {
            SigningKeyEntry next = TestTrust.next(newest);
            commits.add(Commit.of(LogEntry.of(revision, next)));
            keys.put(revision + 1, next);
            toRetire = newest;
        }
    }

    /** Somebody between the two changes what is about to arrive, or sends something old again. */
    void attack() {
        push();
        SyncEvent first = stream.poll();
        if (first instanceof SyncEvent.CommitReceived(SignedCommit commit)) {
            stream.addFirst(new SyncEvent.CommitReceived(
                    switch (random.nextInt(3)) {
                        case 0 -> forged(commit);
                        case 1 ->
                            new SignedCommit(
                                    commit.revision(),
                                    signed(random.nextInt(commits.size())).parts(),
                                    commit.proof());
                        default ->
                            new SignedCommit(
                                    commit.revision(),
                                    commit.parts().stream()
                                            .map(part -> new SignedCommit.Part(
                                                    part.key(), part.placement(), "", null, "AAAA"))
                                            .toList(),
                                    commit.proof());
                    }));
        } else if (first instanceof SyncEvent.SnapshotPart(List<LogEntry> entries) && !entries.isEmpty()) {
            stream.addFirst(new SyncEvent.SnapshotPart(entries.stream()
                    .map(entry -> new LogEntry(entry.revision(), entry.key(), FORGED))
                    .toList()));
        } else if (first != null) {
            stream.addFirst(first);
        }
    }

    /** Its own content under a signature with a key of its own, by the newest number. */
    private static SignedCommit forged(SignedCommit commit) {
        SigningKeyEntry own = new SigningKeyEntry(commit.proof().key(), "x".repeat(44), "", false);
        return SignedCommit.sign(
                "h",
                new Commit(
                        commit.revision(),
                        commit.parts().stream()
                                .map(part -> new LogEntry(commit.revision(), part.key(), FORGED))
                                .toList()),
                statement -> TestTrust.sign(own, statement));
    }

    /** Drops, doubles or swaps what is about to arrive. */
    void disturb() {
        push();
        if (stream.size() < 2) {
            return;
        }
        SyncEvent first = stream.remove();
        switch (random.nextInt(3)) {
            case 0 -> {}
            case 1 -> {
                stream.addFirst(first);
                stream.addFirst(first);
            }
            default -> {
                SyncEvent second = stream.remove();
                stream.addFirst(first);
                stream.addFirst(second);
            }
        }
    }
}
