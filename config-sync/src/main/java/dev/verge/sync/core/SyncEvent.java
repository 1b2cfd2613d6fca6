package dev.verge.sync.core;

import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import java.util.List;

/** What can happen to a node that follows the log. */
public sealed interface SyncEvent {

    /** A new connection stands; nothing has been received on it. */
    record Connected() implements SyncEvent {}

    /** The connection is gone; nothing more will be received on it. */
    record Disconnected() implements SyncEvent {}

    /** The other end told its log and how far it goes. */
    record HeadReceived(String history, long head) implements SyncEvent {}

    /** A commit came. */
    record CommitReceived(Commit commit) implements SyncEvent {}

    /** A snapshot begins. */
    record SnapshotBegun(String history, long revision, long purgeFloor, long entries) implements SyncEvent {}

    /** A piece of the snapshot came. */
    record SnapshotPart(List<LogEntry> entries) implements SyncEvent {}

    /** The snapshot is complete. */
    record SnapshotEnded(long revision) implements SyncEvent {}

    /** All blobs of a piece of work are on disk and verified. */
    record BlobsReady(long work) implements SyncEvent {}

    /** Some blobs cannot be had although the connection stands. */
    record BlobsFailed(long work, String reason) implements SyncEvent {}

    /** The node took a commit or snapshot into force, or refused it. */
    record ApplyEnded(long work, ApplyResult result) implements SyncEvent {}

    /** The new state is on disk. */
    record Persisted(long work) implements SyncEvent {}

    /** The new state could not be written; the old one still stands. */
    record PersistFailed(long work, String reason) implements SyncEvent {}
}
