package dev.verge.sync.client;

import dev.verge.sync.log.Refusal;
import java.time.Instant;
import java.util.Map;

/**
 * How a node stands to the log.
 *
 * @param connected whether a stream stands
 * @param caughtUp whether everything that the control plane told of is in force or refused
 * @param revision last commit taken in
 * @param head newest commit heard of
 * @param since when {@code caughtUp} last changed
 * @param refused keys whose newest value was refused
 * @param distrusted how often something came that the control plane did not sign, since the start
 */
public record SyncStatus(
        boolean connected,
        boolean caughtUp,
        long revision,
        long head,
        Instant since,
        Map<String, Refusal> refused,
        long distrusted) {
    public SyncStatus {
        refused = Map.copyOf(refused);
    }
}
