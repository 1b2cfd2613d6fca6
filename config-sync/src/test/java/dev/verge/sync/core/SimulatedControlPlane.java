package dev.verge.sync.core;

import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

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
            stream.add(new SyncEvent.SnapshotEnded(commits.size()));
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
            stream.add(new SyncEvent.CommitReceived(commits.get((int) sentTo++)));
        }
    }

    SyncEvent next() {
        push();
        return stream.remove();
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
