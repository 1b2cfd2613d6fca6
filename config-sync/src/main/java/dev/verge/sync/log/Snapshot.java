package dev.verge.sync.log;

import java.util.List;

/**
 * The whole state at one revision.
 *
 * @param history identity of the log
 * @param revision the state after this commit, 0 for an empty log
 * @param purgeFloor every purge with a revision above this one is among the entries; a node whose position is below it may have
 *     missed some and must drop what it has cached
 * @param entries one for each live key, no tombstones
 */
public record Snapshot(String history, long revision, long purgeFloor, List<LogEntry> entries) {

    public Snapshot {
        if (revision < 0 || purgeFloor < 0 || purgeFloor > revision) {
            throw new IllegalArgumentException(
                    "purgeFloor: " + purgeFloor + " must be within 0 and the revision " + revision);
        }
        entries = List.copyOf(entries);
        for (LogEntry entry : entries) {
            if (entry.isTombstone() || entry.revision() > revision) {
                throw new IllegalArgumentException("entries: " + entry.key() + " of revision " + entry.revision()
                        + " does not belong into a snapshot at " + revision);
            }
        }
    }
}
