package dev.verge.control.acme;

import dev.verge.control.access.Secrets;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sites that want a certificate by ACME, and how far that is. */
final class AcmeTable {
    static final String WAITING = "waiting";
    static final String ORDERING = "ordering";
    static final String ISSUED = "issued";
    static final String FAILED = "failed";

    private static final int LONGEST_REASON = 1_000;
    private static final Duration COUNTED = Duration.ofHours(1);
    private static final int DUE_AT_ONCE = 100;

    private AcmeTable() {}

    /**
     * A site's row.
     *
     * @param hosts sorted
     * @param nextAt when the next order is due
     * @param failures one after the other
     * @param orderUrl of an order that is under way at the authority; null: none
     * @param sealedKey the key that its certificate will have; null: none
     * @param replica the control plane that works on it; null: none
     */
    record Wanted(
            String account,
            String site,
            List<String> hosts,
            String state,
            Instant nextAt,
            int failures,
            @Nullable String reason,
            @Nullable String orderUrl,
            @Nullable String sealedKey,
            @Nullable String replica) {}

    static Optional<Wanted> find(Session session, String account, String site) {
        return session.first(
                "SELECT * FROM acme_site WHERE account = ? AND site = ?", AcmeTable::wanted, account, site);
    }

    static void insert(Session session, String account, String site, List<String> hosts, Instant now) {
        session.update(
                "INSERT INTO acme_site (account, site, hosts, state, next_at, failures) VALUES (?, ?, ?, ?, ?, 0)",
                account,
                site,
                String.join(" ", hosts),
                WAITING,
                now);
    }

    /** Other hosts: an order that is under way is none of theirs. */
    static void changeHosts(Session session, String account, String site, List<String> hosts, Instant now) {
        session.update(
                "UPDATE acme_site SET hosts = ?, state = ?, next_at = ?, failures = 0, reason = NULL, order_url = NULL,"
                        + " sealed_key = NULL WHERE account = ? AND site = ?",
                String.join(" ", hosts),
                WAITING,
                now,
                account,
                site);
    }

    static int delete(Session session, String account, String site) {
        return session.update("DELETE FROM acme_site WHERE account = ? AND site = ?", account, site);
    }

    /** Rows whose time has come, those of accounts with the fewest orders in the last hour first. */
    static List<Wanted> due(Session session, Instant now) {
        return session.list(
                "SELECT s.* FROM acme_site s WHERE s.next_at <= ? ORDER BY"
                        + " (SELECT COUNT(*) FROM acme_attempt a WHERE a.account = s.account AND a.at > ?),"
                        + " s.next_at, s.account, s.site LIMIT ?",
                AcmeTable::wanted,
                now,
                now.minus(COUNTED),
                DUE_AT_ONCE);
    }

    static boolean anyDue(Session session, Instant now) {
        return session.exists("SELECT 1 FROM acme_site WHERE next_at <= ?", now);
    }

    /** New orders in the last hour. */
    static long attempts(Session session, Instant now) {
        return session.number("SELECT COUNT(*) AS n FROM acme_attempt WHERE at > ?", now.minus(COUNTED));
    }

    static long attempts(Session session, Wanted wanted, Instant now) {
        return session.number(
                "SELECT COUNT(*) AS n FROM acme_attempt WHERE account = ? AND site = ? AND at > ?",
                wanted.account(),
                wanted.site(),
                now.minus(COUNTED));
    }

    static void attempt(Session session, Wanted wanted, Instant now) {
        session.update("DELETE FROM acme_attempt WHERE at <= ?", now.minus(COUNTED));
        session.update(
                "INSERT INTO acme_attempt (id, account, site, at) VALUES (?, ?, ?, ?)",
                Secrets.id(),
                wanted.account(),
                wanted.site(),
                now);
    }

    static void claim(Session session, Wanted wanted, String replica) {
        session.update(
                "UPDATE acme_site SET state = ?, replica = ? WHERE account = ? AND site = ?",
                ORDERING,
                replica,
                wanted.account(),
                wanted.site());
    }

    static void began(Session session, Wanted wanted, String orderUrl, String sealedKey) {
        session.update(
                "UPDATE acme_site SET order_url = ?, sealed_key = ? WHERE account = ? AND site = ?",
                orderUrl,
                sealedKey,
                wanted.account(),
                wanted.site());
    }

    static void release(Session session, Wanted wanted) {
        session.update(
                "UPDATE acme_site SET replica = NULL WHERE account = ? AND site = ?", wanted.account(), wanted.site());
    }

    static void issued(Session session, Wanted wanted, Instant nextAt, Instant now) {
        session.update(
                "UPDATE acme_site SET state = ?, next_at = ?, advice_at = ?, failures = 0, reason = NULL, order_url = NULL,"
                        + " sealed_key = NULL, replica = NULL WHERE account = ? AND site = ?",
                ISSUED,
                nextAt,
                now,
                wanted.account(),
                wanted.site());
    }

    /** Sites that have a certificate and for which the authority is to be asked when to renew it. */
    static List<Wanted> advisable(Session session, Instant now) {
        return session.list(
                "SELECT * FROM acme_site WHERE advice_at <= ? AND state = ? ORDER BY advice_at LIMIT ?",
                AcmeTable::wanted,
                now,
                ISSUED,
                DUE_AT_ONCE);
    }

    /** Whether it is for the caller to ask; nobody else does before {@code until}. */
    static boolean asking(Session session, Wanted wanted, Instant now, Instant until) {
        return session.update(
                        "UPDATE acme_site SET advice_at = ? WHERE account = ? AND site = ? AND advice_at <= ? AND state = ?",
                        until,
                        wanted.account(),
                        wanted.site(),
                        now,
                        ISSUED)
                > 0;
    }

    /**
     * The authority was asked, unless the site has begun another order since.
     *
     * @param adviceAt when to ask again; null: not before the next certificate
     */
    static void advised(Session session, Wanted wanted, Instant nextAt, @Nullable Instant adviceAt) {
        session.update(
                "UPDATE acme_site SET next_at = ?, advice_at = ? WHERE account = ? AND site = ? AND state = ? AND next_at = ?",
                nextAt,
                adviceAt,
                wanted.account(),
                wanted.site(),
                ISSUED,
                wanted.nextAt());
    }

    /** @param keepOrder whether the order at the authority may be gone on with */
    static void failed(Session session, Wanted wanted, String reason, int failures, Instant nextAt, boolean keepOrder) {
        session.update(
                "UPDATE acme_site SET state = ?, next_at = ?, failures = ?, reason = ?, replica = NULL"
                        + (keepOrder ? "" : ", order_url = NULL, sealed_key = NULL")
                        + " WHERE account = ? AND site = ?",
                FAILED,
                nextAt,
                failures,
                reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason,
                wanted.account(),
                wanted.site());
    }

    static long failing(Session session) {
        return session.number("SELECT COUNT(*) AS n FROM acme_site WHERE failures > 0");
    }

    static long all(Session session) {
        return session.number("SELECT COUNT(*) AS n FROM acme_site");
    }

    /** The key of our account at an authority, sealed. */
    static Optional<String> accountKey(Session session, String directory) {
        return session.first(
                "SELECT sealed FROM acme_account WHERE directory = ?", row -> row.text("sealed"), directory);
    }

    static void insertAccount(Session session, String directory, String sealed, Instant now) {
        session.update(
                "INSERT INTO acme_account (directory, sealed, created_at) VALUES (?, ?, ?)", directory, sealed, now);
    }

    private static Wanted wanted(Row row) {
        return new Wanted(
                row.text("account"),
                row.text("site"),
                List.of(row.text("hosts").split(" ", -1)),
                row.text("state"),
                row.time("next_at"),
                row.integer("failures"),
                row.textOrNull("reason"),
                row.textOrNull("order_url"),
                row.textOrNull("sealed_key"),
                row.textOrNull("replica"));
    }
}
