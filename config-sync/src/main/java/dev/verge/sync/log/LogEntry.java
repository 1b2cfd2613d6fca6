package dev.verge.sync.log;

import dev.verge.sync.document.Placement;
import org.jspecify.annotations.Nullable;

/**
 * One change of one key.
 *
 * @param revision the commit that made it, from 1
 * @param key for example {@code site/default/shop}, see {@link Keys}
 * @param value the entry as JSON text, see {@link Entry}; null is a tombstone
 * @param placement the nodes that it is for; of others the key is removed
 */
public record LogEntry(long revision, String key, @Nullable String value, Placement placement) {

    /** Longest key in characters. */
    public static final int MAX_KEY_LENGTH = 1_024;

    public LogEntry {
        if (revision < 1) {
            throw new IllegalArgumentException("revision: " + revision + " is below 1");
        }
        if (key.isEmpty() || key.length() > MAX_KEY_LENGTH) {
            throw new IllegalArgumentException("key: must have 1 to " + MAX_KEY_LENGTH + " characters");
        }
    }

    /** An entry for every node. */
    public LogEntry(long revision, String key, @Nullable String value) {
        this(revision, key, value, Placement.EVERYWHERE);
    }

    /** Whether this entry removes its key. */
    public boolean isTombstone() {
        return value == null;
    }

    /** An entry that sets the key of {@code entry} to it. */
    public static LogEntry of(long revision, Entry entry) {
        return new LogEntry(revision, entry.key(), entry.toJson());
    }

    /** An entry that removes {@code key}. */
    public static LogEntry tombstone(long revision, String key) {
        return new LogEntry(revision, key, null);
    }
}
