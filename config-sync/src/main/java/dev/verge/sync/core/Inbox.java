package dev.verge.sync.core;

import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Position;
import dev.verge.sync.log.Snapshot;
import dev.verge.sync.trust.Trust;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What was received and waits for the work before it, each with what is believed after it. */
final class Inbox {
    private final Deque<Received> commits = new ArrayDeque<>();
    private @Nullable Snapshot snapshot;
    private Trust afterSnapshot = Trust.none();

    private record Received(Commit commit, Trust trust) {}

    void add(Commit commit, Trust trust) {
        commits.add(new Received(commit, trust));
    }

    void add(Snapshot arrived, Trust trust) {
        snapshot = arrived;
        afterSnapshot = trust;
    }

    boolean full() {
        return commits.size() >= SyncCore.MAX_WAITING;
    }

    boolean hasCommits() {
        return !commits.isEmpty();
    }

    void clear() {
        commits.clear();
        snapshot = null;
    }

    /** The last revision that was received. */
    long lastRevision(@Nullable Work work, Position position) {
        Snapshot waiting = snapshot;
        if (!commits.isEmpty()) {
            return commits.getLast().commit().revision();
        }
        return waiting != null ? waiting.revision() : work != null ? work.load.revision() : position.revision();
    }

    /** The log that the next commit is of. */
    String lastHistory(@Nullable Work work, Position position) {
        Snapshot waiting = snapshot;
        if (waiting != null) {
            return waiting.history();
        }
        return work != null && work.load instanceof Work.OfSnapshot(Snapshot loading)
                ? loading.history()
                : position.history();
    }

    /** What is to be done next; null when nothing waits. */
    @Nullable
    Work next(long number, Position position) {
        Snapshot waiting = snapshot;
        if (waiting != null) {
            snapshot = null;
            return new Work(number, new Work.OfSnapshot(waiting), afterSnapshot);
        }
        Received next = commits.poll();
        if (next == null) {
            return null;
        }
        SyncCore.check(
                next.commit().revision() == position.revision() + 1,
                "a gap before " + next.commit().revision());
        return new Work(number, new Work.OfCommit(next.commit()), next.trust());
    }
}
