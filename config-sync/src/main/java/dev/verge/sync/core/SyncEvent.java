package dev.verge.sync.core;

import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.trust.Proof;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.trust.Trust;
import java.util.List;

/** What can happen to a node that follows the log. */
public sealed interface SyncEvent {

    /**
     * A new connection stands to a control plane that has shown who it is; nothing else has been received on it.
     *
     * @param memberships groups and region of this node, by which entries are for it
     * @param trust keys that are believed if none were so far
     */
    record Connected(List<String> memberships, Trust trust) implements SyncEvent {
        public Connected {
            memberships = List.copyOf(memberships);
        }
    }

    /** The connection is gone; nothing more will be received on it. */
    record Disconnected() implements SyncEvent {}

    /** The other end told its log and how far it goes. */
    record HeadReceived(String history, long head) implements SyncEvent {}

    /** A commit came. */
    record CommitReceived(SignedCommit commit) implements SyncEvent {}

    /** A snapshot begins; it has {@code entries} at most. */
    record SnapshotBegun(String history, long revision, long purgeFloor, long entries) implements SyncEvent {}

    /** A piece of the snapshot came. */
    record SnapshotPart(List<LogEntry> entries) implements SyncEvent {}

    /** The snapshot is complete. */
    record SnapshotEnded(long revision, long entries, Proof proof) implements SyncEvent {}

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
