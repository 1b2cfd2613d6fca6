package dev.verge.control.site;

import dev.verge.control.acme.AutoSites;
import dev.verge.control.certificate.CertificateTable;
import dev.verge.control.certificate.CertificateUse;
import dev.verge.control.log.LogTable;
import dev.verge.control.log.PlacementText;
import dev.verge.control.resource.SiteSummary;
import dev.verge.control.resource.VersionSummary;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Sites and their versions. */
public final class SiteTable {

    private SiteTable() {}

    /**
     * A site.
     *
     * @param incarnation names this life of it: a deleted and remade site is another one
     * @param version the current one
     * @param revision the log position of its last change
     * @param placement the nodes that have it
     */
    public record Site(
            String account,
            String name,
            String incarnation,
            int version,
            long revision,
            Placement placement,
            Instant changedAt) {}

    /** One stored version of a document. */
    record Version(int version, String text, String mediaType, String sha256) {}

    /** A site of an account. */
    public static Optional<Site> find(Session session, String account, String name) {
        return session.first("SELECT * FROM site WHERE account = ? AND name = ?", SiteTable::site, account, name);
    }

    static List<SiteSummary> list(Session session, String account, String after, int most) {
        return after(session, account, after, most).stream()
                .map(site -> new SiteSummary(
                        site.name(), site.version(), site.revision(), hosts(session, site), site.changedAt()))
                .toList();
    }

    /** An account's sites after a name, by name. */
    public static List<Site> after(Session session, String account, String name, int most) {
        return session.list(
                "SELECT * FROM site WHERE account = ? AND name > ? ORDER BY name LIMIT ?",
                SiteTable::site,
                account,
                name,
                most);
    }

    /** The current document, as it was written. */
    public static String text(Session session, Site site) {
        return version(session, site, site.version()).text();
    }

    /** Its host patterns. */
    public static List<String> hosts(Session session, Site site) {
        return session.list(
                "SELECT pattern FROM site_host WHERE account = ? AND site = ? ORDER BY pattern",
                row -> row.text("pattern"),
                site.account(),
                site.name());
    }

    static Version version(Session session, Site site, int version) {
        return findVersion(session, site, version)
                .orElseThrow(() -> new IllegalStateException("version " + version + " of a site is gone"));
    }

    static Optional<Version> findVersion(Session session, Site site, int version) {
        return session.first(
                "SELECT version, text, media_type, sha256 FROM site_version WHERE account = ? AND site = ? AND version = ?",
                row -> new Version(
                        row.integer("version"), row.text("text"), row.text("media_type"), row.text("sha256")),
                site.account(),
                site.name(),
                version);
    }

    static List<VersionSummary> versions(Session session, Site site, long before, int most) {
        return session.list(
                "SELECT version, sha256, created_at, created_by FROM site_version"
                        + " WHERE account = ? AND site = ? AND version < ? ORDER BY version DESC LIMIT ?",
                row -> new VersionSummary(
                        row.integer("version"),
                        row.text("sha256"),
                        row.time("created_at"),
                        row.text("created_by"),
                        row.integer("version") == site.version(),
                        null),
                site.account(),
                site.name(),
                before,
                most);
    }

    /**
     * Makes the version current, with its document.
     *
     * @param forgotten the last version that is no longer kept
     */
    static void store(Session session, Site site, Version version, String createdBy, int forgotten) {
        if (!update(session, site)) {
            session.update(
                    "INSERT INTO site (account, name, incarnation, version, revision, placement, changed_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    site.account(),
                    site.name(),
                    site.incarnation(),
                    site.version(),
                    site.revision(),
                    PlacementText.of(site.placement()),
                    site.changedAt());
        }
        session.update(
                "INSERT INTO site_version (account, site, version, text, media_type, sha256, created_at, created_by)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                site.account(),
                site.name(),
                version.version(),
                version.text(),
                version.mediaType(),
                version.sha256(),
                site.changedAt(),
                createdBy);
        session.update(
                "DELETE FROM site_version WHERE account = ? AND site = ? AND version <= ?",
                site.account(),
                site.name(),
                forgotten);
    }

    /** Whether there was a row of it to change. */
    static boolean update(Session session, Site site) {
        return session.update(
                        "UPDATE site SET version = ?, revision = ?, placement = ?, changed_at = ? WHERE account = ? AND name = ?",
                        site.version(),
                        site.revision(),
                        PlacementText.of(site.placement()),
                        site.changedAt(),
                        site.account(),
                        site.name())
                > 0;
    }

    /**
     * Hosts, certificates and functions are in use by the site.
     *
     * @param before what other nodes have beside it, with the same hosts and certificate; else the same
     * @return all of that
     */
    static SiteReach uses(Session session, Site site, Accepted accepted, Accepted before) {
        HostClaims.replace(
                session, site.account(), site.name(), accepted.document().hosts());
        CertificateUse certificates = accepted.certificates();
        boolean auto = accepted.document().tls().isAuto();
        // One by ACME is named before there is one.
        List<String> served = certificates.served().stream()
                .filter(name -> !auto
                        || CertificateTable.find(session, site.account(), name).isPresent())
                .toList();
        Set<String> shown = new TreeSet<>(certificates.shown());
        shown.addAll(before.certificates().shown());
        CertificateTable.uses(session, site.account(), site.name(), served, shown);
        if (auto) {
            AutoSites.want(session, site.account(), accepted.document(), site.changedAt());
        }
        Set<String> functions = new TreeSet<>(accepted.functions());
        functions.addAll(before.functions());
        session.update("DELETE FROM site_function WHERE account = ? AND site = ?", site.account(), site.name());
        for (String function : functions) {
            session.update(
                    "INSERT INTO site_function (account, site, function) VALUES (?, ?, ?)",
                    site.account(),
                    site.name(),
                    function);
        }
        shown.addAll(served);
        return new SiteReach(site.account(), site.placement(), functions, shown);
    }

    /** Removes a site; answers what changes for the nodes. */
    static List<LogTable.Change> delete(Session session, Site site) {
        SiteReach reach = SiteReach.of(session, site);
        CertificateTable.forget(session, site.account(), site.name());
        List<LogTable.Change> changes = new ArrayList<>();
        changes.add(LogTable.Change.remove(Keys.site(site.account(), site.name())));
        changes.addAll(AutoSites.forget(session, site.account(), site.name(), List.of()));
        for (String table : List.of("site_function", "site_host", "site_version", "site_rollout")) {
            session.update("DELETE FROM " + table + " WHERE account = ? AND site = ?", site.account(), site.name());
        }
        session.update("DELETE FROM site WHERE account = ? AND name = ?", site.account(), site.name());
        return reach.until(session, SiteReach.none(site.account()), changes);
    }

    private static Site site(Row row) {
        return new Site(
                row.text("account"),
                row.text("name"),
                row.text("incarnation"),
                row.integer("version"),
                row.number("revision"),
                PlacementText.read(row.textOrNull("placement")),
                row.time("changed_at"));
    }
}
