package dev.verge.sync.core;

import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Position;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.log.Snapshot;
import dev.verge.sync.trust.Trust;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is under way: a commit or a snapshot, how far it got, and what was refused of it. */
final class Work {

    /** What is taken in. */
    sealed interface Load {
        List<LogEntry> entries();

        long revision();
    }

    record OfCommit(Commit commit) implements Load {
        @Override
        public List<LogEntry> entries() {
            return commit.entries();
        }

        @Override
        public long revision() {
            return commit.revision();
        }
    }

    record OfSnapshot(Snapshot snapshot) implements Load {
        @Override
        public List<LogEntry> entries() {
            return snapshot.entries();
        }

        @Override
        public long revision() {
            return snapshot.revision();
        }
    }

    enum Stage {
        FETCHING,
        APPLYING,
        PERSISTING
    }

    final long number;
    final Load load;
    /** What is believed once this is stored. */
    final Trust trust;

    final Map<String, String> reasons = new HashMap<>();
    Stage stage = Stage.FETCHING;

    Work(long number, Load load, Trust trust) {
        this.number = number;
        this.load = load;
        this.trust = trust;
    }

    /** What is to be stored now that it is known what was refused. */
    StateUpdate update(Position position, Map<String, Refusal> refused) {
        return switch (load) {
            case OfCommit(Commit commit) -> update(commit, position, refused);
            case OfSnapshot(Snapshot snapshot) -> update(snapshot);
        };
    }

    /** A refused commit changes nothing but the position, and that its keys are refused. */
    private StateUpdate update(Commit commit, Position position, Map<String, Refusal> refused) {
        Position next = new Position(position.history(), commit.revision());
        Map<String, Refusal> nowRefused = new HashMap<>(refused);
        if (reasons.isEmpty()) {
            commit.entries().forEach(entry -> nowRefused.remove(entry.key()));
            List<LogEntry> kept = commit.entries().stream()
                    .filter(entry -> Keys.retained(entry.key()))
                    .toList();
            return new StateUpdate(next, false, Set.of(), kept, nowRefused);
        }
        String first = reasons.keySet().stream().sorted().findFirst().orElse("");
        for (LogEntry entry : commit.entries()) {
            reasons.putIfAbsent(entry.key(), "part of a change that was refused because of " + first);
            nowRefused.put(entry.key(), new Refusal(commit.revision(), reasons.getOrDefault(entry.key(), "")));
        }
        return new StateUpdate(next, false, Set.of(), List.of(), nowRefused);
    }

    /** Of a snapshot, refused keys keep what is stored of them. */
    private StateUpdate update(Snapshot snapshot) {
        Map<String, Refusal> nowRefused = new HashMap<>();
        Set<String> keys = snapshot.entries().stream().map(LogEntry::key).collect(Collectors.toSet());
        reasons.keySet().retainAll(keys);
        for (LogEntry entry : snapshot.entries()) {
            String reason = reasons.get(entry.key());
            if (reason != null) {
                nowRefused.put(entry.key(), new Refusal(entry.revision(), reason));
            }
        }
        List<LogEntry> kept = snapshot.entries().stream()
                .filter(entry -> Keys.retained(entry.key()) && !nowRefused.containsKey(entry.key()))
                .toList();
        return new StateUpdate(
                new Position(snapshot.history(), snapshot.revision()), true, nowRefused.keySet(), kept, nowRefused);
    }
}
