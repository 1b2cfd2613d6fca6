package dev.verge.control.certificate;

import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.OriginTls;
import dev.verge.balancer.options.PoolOptions;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.certificate.CertificateChain;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.document.SiteDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that a site names.
 *
 * @param served to its clients
 * @param shown to its origins
 */
public record CertificateUse(Set<String> served, Set<String> shown) {

    /** Those of a document. */
    public static CertificateUse of(SiteDocument document) {
        Set<String> shown = new TreeSet<>();
        for (PoolOptions pool : document.pools().values()) {
            for (Origin origin : pool.origins()) {
                String name = shown(origin);
                if (name != null) {
                    shown.add(name);
                }
            }
        }
        String served = document.tls().certificateOf(document.site());
        return new CertificateUse(served == null ? Set.of() : Set.of(served), shown);
    }

    private static @Nullable String shown(Origin origin) {
        OriginTls tls = origin.tls();
        return tls == null ? null : tls.clientCertificate();
    }

    /** All of them. */
    public Set<String> all() {
        Set<String> all = new TreeSet<>(served);
        all.addAll(shown);
        return all;
    }

    /** Adds what is wrong with the certificates that a document names. */
    public static void check(Session session, String account, SiteDocument document, List<Problem> problems) {
        String served = document.tls().certificate();
        if (served != null && !document.tls().isAuto()) {
            Optional<CertificateTable.Stored> stored = CertificateTable.find(session, account, served);
            if (stored.isEmpty()) {
                problems.add(unknown("tls.certificate", served));
            } else {
                uncovered(stored.get(), document.hosts(), problems);
            }
        }
        for (Map.Entry<String, PoolOptions> pool : document.pools().entrySet()) {
            List<Origin> origins = pool.getValue().origins();
            for (int i = 0; i < origins.size(); i++) {
                String shown = shown(origins.get(i));
                if (shown != null
                        && CertificateTable.find(session, account, shown).isEmpty()) {
                    problems.add(
                            unknown("pools." + pool.getKey() + ".origins[" + i + "].tls.clientCertificate", shown));
                }
            }
        }
    }

    private static Problem unknown(String path, String name) {
        return new Problem(
                path,
                name,
                "there is no certificate of this name in the account",
                "upload it first: PUT /v1/certificates/" + name);
    }

    private static void uncovered(
            CertificateTable.Stored certificate, List<HostPattern> hosts, List<Problem> problems) {
        List<String> names = CertificateChain.parse(certificate.chain()).names();
        for (int i = 0; i < hosts.size(); i++) {
            HostPattern host = hosts.get(i);
            if (!host.isLocal() && !CertificateChain.covers(names, host.text())) {
                problems.add(new Problem(
                        "hosts[" + i + "]",
                        host.text(),
                        "the certificate " + certificate.name() + " is not for this host, but for " + shortened(names),
                        "upload one that names it too, or give the host a site of its own"));
            }
        }
    }

    /** Names for people: the first few of them. */
    static String shortened(List<String> names) {
        List<String> first = new ArrayList<>(names.subList(0, Math.min(names.size(), 5)));
        if (first.size() < names.size()) {
            first.add((names.size() - first.size()) + " more");
        }
        return first.isEmpty() ? "no name at all" : String.join(", ", first);
    }
}
