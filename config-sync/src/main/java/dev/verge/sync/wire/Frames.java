package dev.verge.sync.wire;

import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import java.util.ArrayList;
import java.util.List;

/** Between frames and the log's own types. */
public final class Frames {

    private Frames() {}

    /** A commit as a frame. */
    public static Frame.CommitFrame of(Commit commit) {
        List<Frame.Change> changes = new ArrayList<>(commit.entries().size());
        for (LogEntry entry : commit.entries()) {
            changes.add(new Frame.Change(entry.key(), entry.value()));
        }
        return new Frame.CommitFrame(commit.revision(), changes);
    }

    /**
     * The commit of a frame.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Commit commit(Frame.CommitFrame frame) {
        return new Commit(
                frame.revision(),
                frame.changes().stream()
                        .map(change -> new LogEntry(frame.revision(), change.key(), change.value()))
                        .toList());
    }

    /** Entries of a snapshot as a frame. */
    public static Frame.SnapshotPart part(List<LogEntry> entries) {
        List<Frame.Item> items = new ArrayList<>(entries.size());
        for (LogEntry entry : entries) {
            String value = entry.value();
            if (value == null) {
                throw new IllegalArgumentException("a tombstone in a snapshot: " + entry.key());
            }
            items.add(new Frame.Item(entry.revision(), entry.key(), value));
        }
        return new Frame.SnapshotPart(items);
    }

    /** The entries of a piece of a snapshot. */
    public static List<LogEntry> entries(Frame.SnapshotPart part) {
        return part.entries().stream()
                .map(item -> new LogEntry(item.revision(), item.key(), item.value()))
                .toList();
    }
}
