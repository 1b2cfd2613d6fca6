package dev.verge.sync.trust;

import dev.verge.sync.crypto.Statement;
import dev.verge.sync.log.LogEntry;
import java.security.MessageDigest;
import java.util.List;

/** What is signed of a snapshot, made as its entries pass by: one hash, however many there are. Not thread-safe. */
public final class SnapshotHash {
    private final MessageDigest digest = Statement.sha256();
    private long entries;

    /** Takes the next entries. */
    public void add(List<LogEntry> next) {
        for (LogEntry entry : next) {
            String value = entry.value();
            digest.update(Statement.of("entry")
                    .number(entry.revision())
                    .text(entry.key())
                    .text(value == null ? "" : value)
                    .toBytes());
            entries++;
        }
    }

    /** How many entries there were. */
    public long entries() {
        return entries;
    }

    /** What is signed when all entries have passed. To be called once. */
    public byte[] statement(String history, long revision, long purgeFloor) {
        return Statement.of("verge snapshot 1")
                .text(history)
                .number(revision)
                .number(purgeFloor)
                .number(entries)
                .bytes(digest.digest())
                .toBytes();
    }
}
