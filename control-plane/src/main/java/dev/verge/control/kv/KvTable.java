package dev.verge.control.kv;

import dev.verge.control.resource.KvKey;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Which keys there are, and what each account's sum up to. */
final class KvTable {
    /** Sorts after every character that a key may hold. */
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    private KvTable() {}

    /** What an account holds. */
    record Usage(long keys, long bytes) {}

    /** Where a key stands. */
    record Place(String account, String namespace, String key) {}

    static Optional<KvKey> find(Session session, Place place) {
        return session.first(
                "SELECT * FROM kv WHERE account = ? AND namespace = ? AND kv_key = ?",
                KvTable::key,
                place.account(),
                place.namespace(),
                place.key());
    }

    /** Keys that begin with {@code prefix} and are valid at {@code now}, in the order of their characters, after the key {@code after}. */
    static List<KvKey> list(
            Session session, String account, String namespace, String prefix, String after, Instant now, int most) {
        return session.list(
                "SELECT * FROM kv WHERE account = ? AND namespace = ? AND kv_key >= ? AND kv_key < ? AND kv_key > ?"
                        + " AND (expires_at IS NULL OR expires_at > ?) ORDER BY kv_key LIMIT ?",
                KvTable::key,
                account,
                namespace,
                prefix,
                prefix + LAST,
                after,
                now,
                most);
    }

    /** Keys that are no longer valid, a few of them. */
    static List<Place> expired(Session session, Instant now, int most) {
        return session.list(
                "SELECT account, namespace, kv_key FROM kv WHERE expires_at IS NOT NULL AND expires_at <= ?"
                        + " ORDER BY expires_at LIMIT ?",
                row -> new Place(row.text("account"), row.text("namespace"), row.text("kv_key")),
                now,
                most);
    }

    static Usage usage(Session session, String account) {
        return session.first(
                        "SELECT keys, bytes FROM kv_usage WHERE account = ?",
                        row -> new Usage(row.number("keys"), row.number("bytes")),
                        account)
                .orElse(new Usage(0, 0));
    }

    /** Writes or rewrites a key's row. */
    static void put(Session session, Place place, KvKey key) {
        delete(session, place);
        session.update(
                "INSERT INTO kv (account, namespace, kv_key, size_bytes, metadata, expires_at, revision, changed_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                place.account(),
                place.namespace(),
                place.key(),
                key.sizeBytes(),
                key.metadata(),
                key.expiresAt(),
                key.revision(),
                key.changedAt());
    }

    static void delete(Session session, Place place) {
        session.update(
                "DELETE FROM kv WHERE account = ? AND namespace = ? AND kv_key = ?",
                place.account(),
                place.namespace(),
                place.key());
    }

    static void usage(Session session, String account, Usage usage) {
        int updated = session.update(
                "UPDATE kv_usage SET keys = ?, bytes = ? WHERE account = ?", usage.keys(), usage.bytes(), account);
        if (updated == 0) {
            session.update(
                    "INSERT INTO kv_usage (account, keys, bytes) VALUES (?, ?, ?)",
                    account,
                    usage.keys(),
                    usage.bytes());
        }
    }

    private static KvKey key(Row row) {
        return new KvKey(
                row.text("kv_key"),
                row.number("size_bytes"),
                row.textOrNull("metadata"),
                row.timeOrNull("expires_at"),
                row.number("revision"),
                row.time("changed_at"));
    }
}
