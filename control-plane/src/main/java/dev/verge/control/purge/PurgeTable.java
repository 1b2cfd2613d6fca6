package dev.verge.control.purge;

import dev.verge.control.store.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Purges that were ordered, for as long as somebody may ask about them. */
final class PurgeTable {
    private static final Duration KEPT = Duration.ofDays(30);

    private PurgeTable() {}

    /** A purge and its log position. */
    record Purge(String id, String site, long revision) {}

    /** Keeps a purge, and forgets last month's. */
    static void insert(Session session, String account, Purge purge, Instant now) {
        session.update("DELETE FROM purge WHERE created_at < ?", now.minus(KEPT));
        session.update(
                "INSERT INTO purge (id, account, site, revision, created_at) VALUES (?, ?, ?, ?, ?)",
                purge.id(),
                account,
                purge.site(),
                purge.revision(),
                now);
    }

    static Optional<Purge> find(Session session, String account, String id) {
        return session.first(
                "SELECT id, site, revision FROM purge WHERE account = ? AND id = ?",
                row -> new Purge(row.text("id"), row.text("site"), row.number("revision")),
                account,
                id);
    }
}
