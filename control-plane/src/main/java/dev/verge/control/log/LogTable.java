package dev.verge.control.log;

import dev.verge.control.resource.WireJson;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import dev.verge.control.store.Signal;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The log's rows. A commit is one call of {@link #append}; its revision is the head plus one, taken under the head's row lock, so that
 * revisions have no gaps and are in commit order.
 */
public final class LogTable {
    private LogTable() {}

    /**
     * One change of a key.
     *
     * @param json the new value; null removes the key
     * @param placement the nodes that it is for
     */
    public record Change(String key, @Nullable String json, Placement placement) {

        /** A change for all nodes. */
        public Change(String key, @Nullable String json) {
            this(key, json, Placement.EVERYWHERE);
        }

        /** The entry's value becomes the key's, for some nodes. */
        public static Change put(Entry entry, Placement placement) {
            return new Change(entry.key(), entry.toJson(), placement);
        }

        /** The entry's value becomes the key's. */
        public static Change put(Entry entry) {
            return new Change(entry.key(), entry.toJson());
        }

        /** The key is removed. */
        public static Change remove(String key) {
            return new Change(key, null);
        }
    }

    /** Which log this is. */
    public static String history(Session session) {
        return session.first("SELECT history FROM log_head WHERE id = 1", row -> row.text("history"))
                .orElseThrow();
    }

    /** Gives the log a new identity: its revisions no longer mean what nodes heard. */
    public static void startHistory(Session session, String history) {
        session.update("UPDATE log_head SET history = ? WHERE id = 1", history);
    }

    /** The last revision given out. */
    public static long head(Session session) {
        return session.number("SELECT revision AS n FROM log_head WHERE id = 1");
    }

    /** The last revision that is no longer kept one by one. */
    public static long floor(Session session) {
        return session.number("SELECT floor AS n FROM log_head WHERE id = 1");
    }

    /** Appends one commit; answers its revision, durable and visible when the transaction commits. */
    public static long append(Session session, List<Change> changes) {
        long revision = begin(session);
        fill(session, revision, changes);
        return revision;
    }

    /** Begins a commit, for rows that name its revision before what it changes is known; {@link #fill} is to follow. */
    public static long begin(Session session) {
        // Written before it is read, so that on any database the row is locked until this transaction ends.
        session.update("UPDATE log_head SET revision = revision + 1 WHERE id = 1");
        long revision = head(session);
        session.signal(Signal.LOG, Long.toString(revision));
        return revision;
    }

    /** Says what a commit changes that was begun in this transaction. */
    public static void fill(Session session, long revision, List<Change> changes) {
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("changes: none; a commit has at least one");
        }
        int position = 0;
        for (Change change : changes) {
            session.update("UPDATE log SET superseded = 1 WHERE log_key = ? AND superseded = 0", change.key());
            session.update(
                    "INSERT INTO log (revision, position, log_key, value, superseded, placement) VALUES (?, ?, ?, ?, 0, ?)",
                    revision,
                    position++,
                    change.key(),
                    change.json(),
                    PlacementText.of(change.placement()));
        }
    }

    /** A key's value as it is now; empty when it has none. */
    public static Optional<String> current(Session session, String key) {
        return session.first(
                "SELECT value FROM log WHERE log_key = ? AND superseded = 0 AND value IS NOT NULL",
                row -> row.text("value"),
                key);
    }

    /** The keys that begin with {@code prefix}, whose last character is a slash, and have a value. */
    public static List<String> keysBelow(Session session, String prefix) {
        return session.list(
                "SELECT log_key FROM log WHERE superseded = 0 AND value IS NOT NULL AND log_key >= ? AND log_key < ?"
                        + " ORDER BY log_key",
                row -> row.text("log_key"),
                prefix,
                end(prefix));
    }

    /** The character after the slash: all keys below come before it. */
    private static String end(String prefix) {
        return prefix.substring(0, prefix.length() - 1) + (char) ('/' + 1);
    }

    /** Keys with their values and nodes that begin with {@code prefix}, whose last character is a slash, after the key {@code after}. */
    public static List<Change> below(Session session, String prefix, String after, int most) {
        return session.list(
                "SELECT log_key, value, placement FROM log WHERE superseded = 0 AND value IS NOT NULL AND log_key > ?"
                        + " AND log_key < ? ORDER BY log_key LIMIT ?",
                row -> new Change(row.text("log_key"), row.text("value"), placement(row)),
                after,
                end(prefix),
                most);
    }

    /** The nodes that a key's value is for; all of them when it has none. */
    public static Placement placement(Session session, String key) {
        return session.first(
                        "SELECT placement FROM log WHERE log_key = ? AND superseded = 0 AND value IS NOT NULL",
                        LogTable::placement,
                        key)
                .orElse(Placement.EVERYWHERE);
    }

    /** What brings a key's value to other nodes than have it now; empty when it has none, or they are the same. */
    public static Optional<Change> placed(Session session, String key, Placement placement) {
        return session.first(
                        "SELECT value, placement FROM log WHERE log_key = ? AND superseded = 0 AND value IS NOT NULL",
                        row -> new Change(key, row.text("value"), placement(row)),
                        key)
                .filter(change -> !change.placement().equals(placement))
                .map(change -> new Change(key, change.json(), placement));
    }

    /** All entries of the commits after {@code revision}, of {@code commits} commits at most, in order. */
    public static List<LogEntry> after(Session session, long revision, int commits) {
        return session.list(
                "SELECT revision, log_key, value, placement FROM log WHERE revision > ? AND revision <= ? ORDER BY revision, position",
                LogTable::entry,
                revision,
                revision + commits);
    }

    /**
     * The hashes of all blobs that nodes may ask for: what functions' kept entries name, those of the tail included that were superseded
     * since, and what keys of namespaces have now. Nodes bring the newest value of a key, whatever its revisions were.
     */
    public static Set<String> blobs(Session session) {
        Set<String> hashes = new HashSet<>();
        session.list(
                // A value that stands in its entry is base64, which holds no quote: only rows that name a blob are
                // read.
                "SELECT value FROM log WHERE (log_key LIKE ? OR (log_key LIKE ? AND superseded = 0))"
                        + " AND value LIKE '%\"sha256\":\"%'",
                row -> hashes.addAll(WireJson.parse(row.text("value")).findValuesAsText("sha256")),
                Keys.FUNCTION_PREFIX + "%",
                Keys.KV_PREFIX + "%");
        return hashes;
    }

    /** How many entries the snapshot has. */
    static long entries(Session session) {
        return session.number("SELECT COUNT(*) AS n FROM log WHERE superseded = 0 AND value IS NOT NULL");
    }

    /** A row of the snapshot, with where it stands so that the next page can go on after it. */
    record Place(long revision, int position, LogEntry entry) {}

    /** The next entries of the snapshot after a place; none at the end. */
    static List<Place> snapshot(Session session, long revision, int position, int most) {
        return session.list(
                "SELECT revision, position, log_key, value, placement FROM log WHERE superseded = 0 AND value IS NOT NULL"
                        + " AND (revision > ? OR (revision = ? AND position > ?)) ORDER BY revision, position LIMIT ?",
                row -> new Place(row.number("revision"), row.integer("position"), entry(row)),
                revision,
                revision,
                position,
                most);
    }

    /** Forgets what no node needs any more: all but the latest {@code kept} commits and every key's current value. */
    static long compact(Session session, long kept) {
        long floor = Math.max(floor(session), head(session) - kept);
        session.update("UPDATE log_head SET floor = ? WHERE id = 1", floor);
        session.update(
                "DELETE FROM log WHERE revision <= ? AND (superseded = 1 OR value IS NULL OR log_key LIKE ?)",
                floor,
                Keys.PURGE_PREFIX + "%");
        return floor;
    }

    private static LogEntry entry(Row row) {
        return new LogEntry(row.number("revision"), row.text("log_key"), row.textOrNull("value"), placement(row));
    }

    private static Placement placement(Row row) {
        return PlacementText.read(row.textOrNull("placement"));
    }
}
