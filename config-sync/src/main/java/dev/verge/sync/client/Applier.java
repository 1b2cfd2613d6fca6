package dev.verge.sync.client;

import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Snapshot;
import dev.verge.sync.log.State;
import io.vertx.core.Future;
import java.util.List;

/**
 * Takes configuration into force at a node. Called one at a time, on the client's context: what is costly is done elsewhere and
 * completes the future, from any thread. A failed future counts as a refusal with its message as the reason.
 *
 * <p>After a crash the last commit may come again, so applying it twice must do no harm.
 */
public interface Applier {

    /**
     * What the node belongs to from now on, as the control plane says; a change is followed by a snapshot. Told before {@link #restore},
     * too, as it was when the node was last connected.
     *
     * @param groups and the region, as {@code region:NAME}
     */
    void belongs(List<String> groups);

    /** At start, before any connection: everything last good. What is refused is reported but stays stored. */
    Future<ApplyResult> restore(State state);

    /** The next commit: all of it or nothing. Its blobs are on disk. */
    Future<ApplyResult> apply(Commit commit);

    /**
     * The whole state, in place of all there is: keys that are not in it are gone. A refused key keeps its last good value; the
     * others are in force.
     *
     * @param missedPurges whether purges may have been missed: all cached content must be dropped. Purges among the entries are
     *     applied in any case
     */
    Future<ApplyResult> applySnapshot(Snapshot snapshot, boolean missedPurges);
}
