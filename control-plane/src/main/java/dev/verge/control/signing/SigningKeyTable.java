package dev.verge.control.signing;

import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import dev.verge.sync.log.SigningKeyEntry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signing keys, their private halves sealed; and the sealed fleet keys. */
final class SigningKeyTable {

    private SigningKeyTable() {}

    /**
     * A key as it is stored.
     *
     * @param fromRevision the first revision that it signs
     */
    record Stored(
            int number,
            String publicKey,
            String sealed,
            String link,
            long fromRevision,
            Instant createdAt,
            @Nullable Instant retiredAt) {
        SigningKeyEntry entry() {
            return new SigningKeyEntry(number, publicKey, link, retiredAt != null);
        }
    }

    /** The key that secrets are sealed under, sealed itself. */
    record Fleet(int epoch, String sealed) {}

    static List<Stored> all(Session session) {
        return session.list("SELECT * FROM signing_key ORDER BY number", SigningKeyTable::stored);
    }

    static void insert(Session session, Stored key) {
        session.update(
                "INSERT INTO signing_key (number, public_key, sealed, link, from_revision, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                key.number(),
                key.publicKey(),
                key.sealed(),
                key.link(),
                key.fromRevision(),
                key.createdAt());
    }

    static void retire(Session session, int number, Instant now) {
        session.update("UPDATE signing_key SET retired_at = ? WHERE number = ? AND retired_at IS NULL", now, number);
    }

    static List<Fleet> newestFleet(Session session) {
        return session.list(
                "SELECT epoch, sealed FROM fleet_key ORDER BY epoch DESC LIMIT 1",
                row -> new Fleet(row.integer("epoch"), row.text("sealed")));
    }

    static void insert(Session session, Fleet key, Instant now) {
        session.update(
                "INSERT INTO fleet_key (epoch, sealed, created_at) VALUES (?, ?, ?)", key.epoch(), key.sealed(), now);
    }

    private static Stored stored(Row row) {
        return new Stored(
                row.integer("number"),
                row.text("public_key"),
                row.text("sealed"),
                row.text("link"),
                row.number("from_revision"),
                row.time("created_at"),
                row.timeOrNull("retired_at"));
    }
}
