package dev.verge.sync.core;

import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Position;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.log.Snapshot;
import java.util.Map;
import java.util.Set;

/** What is to be done, in order. Effects with a {@code work} number are answered by an event with the same number. */
public sealed interface SyncEffect {

    /** Ask for everything after {@code since}; the refused keys go along, so that the other end knows them after any break. */
    record Subscribe(Position since, Map<String, Refusal> refused) implements SyncEffect {
        public Subscribe {
            refused = Map.copyOf(refused);
        }
    }

    /** Bring these blobs to the disk and verify them. */
    record FetchBlobs(long work, Set<String> sha256) implements SyncEffect {
        public FetchBlobs {
            sha256 = Set.copyOf(sha256);
        }
    }

    /** Take a commit into force, whole or not at all. */
    record ApplyCommit(long work, Commit commit) implements SyncEffect {}

    /**
     * Take a snapshot into force.
     *
     * @param missedPurges whether purges may have been missed, so that cached content must be dropped
     */
    record ApplySnapshot(long work, Snapshot snapshot, boolean missedPurges) implements SyncEffect {}

    /** Write the new state, atomically. */
    record Persist(long work, StateUpdate update) implements SyncEffect {}

    /** Tell that everything up to {@code revision} is in force, but for what was refused. */
    record Acknowledge(long revision) implements SyncEffect {}

    /** Tell that a commit was refused, and why. */
    record Refuse(long revision, Map<String, String> reasons) implements SyncEffect {
        public Refuse {
            reasons = Map.copyOf(reasons);
        }
    }

    /** What came was not signed by the control plane: nothing of it is taken in. A {@link Refuse} and a {@link Reset} follow. */
    record Distrust(String reason) implements SyncEffect {}

    /** The stream makes no sense: close the connection, connect again later. No {@code Disconnected} is expected for it. */
    record Reset(String reason) implements SyncEffect {}
}
