package dev.verge.sync.log;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All entries of one transaction: applied whole or not at all.
 *
 * <p>Revisions are assigned in commit order without gaps, so the commit after {@code n} is {@code n + 1} and nothing else.
 *
 * @param revision from 1
 * @param entries all of this revision, each key at most once; none when all of it is for other nodes
 */
public record Commit(long revision, List<LogEntry> entries) {

    /** Most entries in one commit. */
    public static final int MAX_ENTRIES = 1_000;

    public Commit {
        entries = List.copyOf(entries);
        if (entries.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "entries: a commit has at most " + MAX_ENTRIES + ", not " + entries.size());
        }
        Set<String> keys = new HashSet<>();
        for (LogEntry entry : entries) {
            if (entry.revision() != revision) {
                throw new IllegalArgumentException(
                        "entries: " + entry.key() + " has revision " + entry.revision() + " in commit " + revision);
            }
            if (!keys.add(entry.key())) {
                throw new IllegalArgumentException("entries: " + entry.key() + " stands twice in commit " + revision);
            }
        }
    }

    /** A commit of one entry. */
    public static Commit of(LogEntry entry) {
        return new Commit(entry.revision(), List.of(entry));
    }
}
