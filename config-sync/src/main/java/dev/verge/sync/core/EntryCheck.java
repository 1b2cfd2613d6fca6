package dev.verge.sync.core;

import dev.verge.sync.log.Entry;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.log.LogEntry;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What can be said of entries without applying them: whether this version of the node reads them, and which blobs must be there first.
 * Those of long values need not: they would keep waiting what comes after them, purges included, so a node brings them on the side.
 */
final class EntryCheck {

    private final Map<String, String> unreadable = new HashMap<>();
    private final Set<String> blobs = new HashSet<>();

    private EntryCheck() {}

    static EntryCheck of(Collection<LogEntry> entries) {
        EntryCheck check = new EntryCheck();
        for (LogEntry entry : entries) {
            String value = entry.value();
            if (value == null) {
                continue;
            }
            try {
                Entry read = Entry.decode(entry.key(), value);
                if (!(read instanceof KvEntry)) {
                    check.blobs.addAll(read.blobs());
                }
            } catch (IllegalArgumentException wrong) {
                check.unreadable.put(entry.key(), "this node cannot read it: " + wrong.getMessage());
            }
        }
        return check;
    }

    /** Key → reason. */
    Map<String, String> unreadable() {
        return unreadable;
    }

    Set<String> blobs() {
        return blobs;
    }
}
