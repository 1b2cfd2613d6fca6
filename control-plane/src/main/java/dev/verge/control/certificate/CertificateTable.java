package dev.verge.control.certificate;

import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Certificates, their keys sealed, and which sites name them. */
public final class CertificateTable {
    private static final int SITES_TOLD = 100;

    private CertificateTable() {}

    /**
     * A certificate as it is stored.
     *
     * @param incarnation names this life of it: a deleted and remade one is another
     * @param chain PEM as it was sent
     * @param sealed the private key
     */
    public record Stored(
            String account,
            String name,
            String incarnation,
            int version,
            String chain,
            String sealed,
            long revision,
            Instant changedAt,
            String changedBy) {}

    /** A certificate of an account. */
    public static Optional<Stored> find(Session session, String account, String name) {
        return session.first(
                "SELECT * FROM certificate WHERE account = ? AND name = ?", CertificateTable::stored, account, name);
    }

    static List<Stored> list(Session session, String account, String after, int most) {
        return session.list(
                "SELECT * FROM certificate WHERE account = ? AND name > ? ORDER BY name LIMIT ?",
                CertificateTable::stored,
                account,
                after,
                most);
    }

    static long count(Session session, String account) {
        return session.number("SELECT COUNT(*) AS n FROM certificate WHERE account = ?", account);
    }

    /** The sites that name it. */
    public static List<String> sites(Session session, String account, String name) {
        return session.list(
                "SELECT DISTINCT site FROM site_certificate WHERE account = ? AND certificate = ? ORDER BY site LIMIT ?",
                row -> row.text("site"),
                account,
                name,
                SITES_TOLD);
    }

    /** A host of a site that serves with a certificate. */
    record ServedHost(String site, String pattern) {}

    /** The hosts of all sites that serve with it. */
    static List<ServedHost> hosts(Session session, String account, String name) {
        return session.list(
                "SELECT h.site AS site, h.pattern AS pattern FROM site_host h JOIN site_certificate c"
                        + " ON c.account = h.account AND c.site = h.site"
                        + " WHERE c.account = ? AND c.certificate = ? AND c.served = 1 ORDER BY h.site, h.pattern",
                row -> new ServedHost(row.text("site"), row.text("pattern")),
                account,
                name);
    }

    static void store(Session session, Stored certificate) {
        int updated = session.update(
                "UPDATE certificate SET version = ?, chain = ?, sealed = ?, revision = ?, changed_at = ?, changed_by = ?"
                        + " WHERE account = ? AND name = ?",
                certificate.version(),
                certificate.chain(),
                certificate.sealed(),
                certificate.revision(),
                certificate.changedAt(),
                certificate.changedBy(),
                certificate.account(),
                certificate.name());
        if (updated == 0) {
            session.update(
                    "INSERT INTO certificate (account, name, incarnation, version, chain, sealed, revision, changed_at,"
                            + " changed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    certificate.account(),
                    certificate.name(),
                    certificate.incarnation(),
                    certificate.version(),
                    certificate.chain(),
                    certificate.sealed(),
                    certificate.revision(),
                    certificate.changedAt(),
                    certificate.changedBy());
        }
    }

    static void delete(Session session, Stored certificate) {
        session.update(
                "DELETE FROM certificate WHERE account = ? AND name = ?", certificate.account(), certificate.name());
    }

    /** What a site names, in place of what it named before. */
    public static void uses(
            Session session, String account, String site, Collection<String> served, Collection<String> shown) {
        forget(session, account, site);
        served.forEach(name -> use(session, account, site, name, true));
        shown.forEach(name -> use(session, account, site, name, false));
    }

    /** What a site names. */
    public static List<String> named(Session session, String account, String site) {
        return session.list(
                "SELECT DISTINCT certificate FROM site_certificate WHERE account = ? AND site = ? ORDER BY certificate",
                row -> row.text("certificate"),
                account,
                site);
    }

    /** The site is served with it, besides what else it names. */
    static void serve(Session session, String account, String site, String name) {
        session.update(
                "DELETE FROM site_certificate WHERE account = ? AND site = ? AND certificate = ? AND served = 1",
                account,
                site,
                name);
        use(session, account, site, name, true);
    }

    private static void use(Session session, String account, String site, String name, boolean served) {
        session.update(
                "INSERT INTO site_certificate (account, site, certificate, served) VALUES (?, ?, ?, ?)",
                account,
                site,
                name,
                served);
    }

    /** The site names none any more. */
    public static void forget(Session session, String account, String site) {
        session.update("DELETE FROM site_certificate WHERE account = ? AND site = ?", account, site);
    }

    private static Stored stored(Row row) {
        return new Stored(
                row.text("account"),
                row.text("name"),
                row.text("incarnation"),
                row.integer("version"),
                row.text("chain"),
                row.text("sealed"),
                row.number("revision"),
                row.time("changed_at"),
                row.text("changed_by"));
    }
}
