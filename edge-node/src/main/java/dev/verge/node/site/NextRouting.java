package dev.verge.node.site;

import dev.verge.node.tls.ServedCertificate;
import dev.verge.node.tls.TlsTerms;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.document.TlsOptions;
import dev.verge.sync.log.CertificateEntry;
import dev.verge.sync.log.ChallengeEntry;
import dev.verge.sync.log.Keys;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be served next, change by change. Of two sites that claim one host the last wins; the control plane never lets it come to
 * that. Used by one thread, once.
 */
public final class NextRouting {
    private final Routing now;
    private final Shards.Next<Site> exact;
    private final Shards.Next<Site> below;
    private final Shards.Next<Site> sites;
    private final Shards.Next<DeployedFunction> functions;
    private final Shards.Next<ServedCertificate> certificates;
    private final Map<String, ChallengeEntry> challenges;
    private final Set<TlsTerms> newTerms = new HashSet<>();
    private final Set<TlsTerms> terms;
    private Object besidesSites;
    private boolean changed;

    /** Some terms may be nobody's any more, or certificates have come or gone: they have to be looked at all together. */
    private boolean otherTerms;

    NextRouting(Routing now) {
        this.now = now;
        exact = now.exact().next();
        below = now.below().next();
        sites = now.shardedSites().next();
        functions = now.shardedFunctions().next();
        certificates = now.shardedCertificates().next();
        challenges = new HashMap<>(now.challenges());
        terms = now.terms();
        besidesSites = now.besidesSites();
    }

    /** Puts a site in the place of the one of its name. */
    public void put(Site site) {
        changed = true;
        String key = Keys.site(site.account(), site.name());
        Site former = sites.put(key, site);
        if (former != null) {
            leaveHosts(former);
            otherTerms |= !former.document().tls().equals(site.document().tls());
        }
        for (HostPattern host : site.document().hosts()) {
            (host.wildcard() ? below : exact).put(text(host), site);
        }
        TlsOptions tls = site.document().tls();
        newTerms.add(new TlsTerms(null, tls.minVersion(), tls.clientCertificates()));
        ServedCertificate named = named(site);
        if (named != null) {
            newTerms.add(new TlsTerms(named, tls.minVersion(), tls.clientCertificates()));
        }
    }

    /** Puts a function in the place of the one of its name. */
    public void put(DeployedFunction function) {
        changed = true;
        functions.put(Keys.function(function.account(), function.name()), function);
    }

    /** Puts a certificate in the place of the one of its name. */
    public void put(CertificateEntry entry, ServedCertificate certificate) {
        certificates.put(entry.key(), certificate);
        otherTerms = true;
        notOnlySites();
    }

    /** What an authority is to be answered. */
    public void put(ChallengeEntry challenge) {
        challenges.put(challenge.key(), challenge);
        notOnlySites();
    }

    /** Whatever has that key is served no longer; returns it where it is a site. */
    public @Nullable Site remove(String key) {
        Site site = sites.remove(key);
        if (site != null) {
            changed = true;
            leaveHosts(site);
            otherTerms = true;
            return site;
        }
        if (functions.remove(key) != null) {
            changed = true;
        } else if (certificates.remove(key) != null) {
            otherTerms = true;
            notOnlySites();
        } else if (challenges.remove(key) != null) {
            notOnlySites();
        }
        return null;
    }

    /** Something has changed that is true of requests for any site. */
    public void notOnlySites() {
        changed = true;
        besidesSites = new Object();
    }

    /** All of it; what is served now when nothing was changed. */
    public Routing build() {
        if (!changed) {
            return now;
        }
        return new Routing(
                exact.build(),
                below.build(),
                sites.build(),
                functions.build(),
                certificates.build(),
                Map.copyOf(challenges),
                allTerms(),
                besidesSites,
                now.countries());
    }

    @SuppressWarnings("ReferenceEquality") // that very version
    private void leaveHosts(Site former) {
        for (HostPattern host : former.document().hosts()) {
            Shards.Next<Site> of = host.wildcard() ? below : exact;
            if (of.get(text(host)) == former) {
                of.remove(text(host));
            }
        }
    }

    /** A wildcard stands for what is below it. */
    private static String text(HostPattern host) {
        return host.wildcard() ? host.text().substring(2) : host.text();
    }

    private Set<TlsTerms> allTerms() {
        if (!otherTerms) {
            if (terms.containsAll(newTerms)) {
                return terms;
            }
            newTerms.addAll(terms);
            return Set.copyOf(newTerms);
        }
        Set<TlsTerms> all = new HashSet<>();
        sites.build().values().forEach(site -> {
            TlsOptions tls = site.document().tls();
            all.add(new TlsTerms(null, tls.minVersion(), tls.clientCertificates()));
            ServedCertificate named = named(site);
            if (named != null) {
                all.add(new TlsTerms(named, tls.minVersion(), tls.clientCertificates()));
            }
        });
        return all.equals(terms) ? terms : Set.copyOf(all);
    }

    private @Nullable ServedCertificate named(Site site) {
        String name = site.document().tls().certificateOf(site.name());
        return name == null ? null : certificates.get(Keys.certificate(site.account(), name));
    }
}
