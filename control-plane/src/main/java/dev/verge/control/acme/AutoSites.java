package dev.verge.control.acme;

import dev.verge.control.certificate.CertificateTable;
import dev.verge.control.certificate.OwnCertificates;
import dev.verge.control.log.LogTable;
import dev.verge.control.resource.AutoCertificate;
import dev.verge.control.store.Session;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.document.SiteDocument;
import dev.verge.sync.document.TlsOptions;
import dev.verge.sync.log.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Which sites want a certificate by ACME: kept with each change of a site, in its transaction. */
public final class AutoSites {

    private AutoSites() {}

    /** A site's document says auto: a certificate is ordered as soon as there is none for its hosts. */
    public static void want(Session session, String account, SiteDocument document, Instant now) {
        List<String> hosts = hosts(document);
        Optional<AcmeTable.Wanted> before = AcmeTable.find(session, account, document.site());
        if (before.isEmpty()) {
            AcmeTable.insert(session, account, document.site(), hosts, now);
        } else if (!before.get().hosts().equals(hosts)) {
            AcmeTable.changeHosts(session, account, document.site(), hosts, now);
        }
    }

    /**
     * A site is removed, or no longer says auto: its certificate goes, unless it is still named. The site itself must name none any more.
     *
     * @param named certificates that are still named, besides those that other sites name
     * @return what changes for the nodes
     */
    public static List<LogTable.Change> forget(Session session, String account, String site, Collection<String> named) {
        if (AcmeTable.delete(session, account, site) == 0) {
            return List.of();
        }
        List<LogTable.Change> changes = new ArrayList<>(challengesGone(session, account, site));
        String certificate = certificate(site);
        if (!named.contains(certificate)
                && CertificateTable.sites(session, account, certificate).isEmpty()
                && OwnCertificates.delete(session, account, certificate)) {
            changes.add(LogTable.Change.remove(Keys.certificate(account, certificate)));
        }
        return changes;
    }

    /** How a site's certificate stands; empty when it wants none by ACME. */
    public static Optional<AutoCertificate> standing(Session session, String account, String site) {
        return AcmeTable.find(session, account, site)
                .map(wanted -> new AutoCertificate(
                        certificate(site), wanted.state(), wanted.reason(), wanted.failures(), wanted.nextAt()));
    }

    /** What removes the challenges of a site from the nodes. */
    static List<LogTable.Change> challengesGone(Session session, String account, String site) {
        return LogTable.keysBelow(session, Keys.challenges(account, site)).stream()
                .map(LogTable.Change::remove)
                .toList();
    }

    /** The name that a site's certificate is stored under. */
    static String certificate(String site) {
        return TlsOptions.autoName(site);
    }

    /** Loopback names and addresses are served with the node's own certificate. */
    private static List<String> hosts(SiteDocument document) {
        return document.hosts().stream()
                .filter(host -> !host.isLocal())
                .map(HostPattern::text)
                .sorted()
                .toList();
    }
}
