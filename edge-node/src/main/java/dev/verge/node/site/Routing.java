package dev.verge.node.site;

import dev.verge.node.geo.Countries;
import dev.verge.node.tls.ServedCertificate;
import dev.verge.node.tls.TlsTerms;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.document.TlsOptions;
import dev.verge.sync.log.ChallengeEntry;
import io.vertx.core.net.KeyCertOptions;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that is served at one moment. Looking a host up takes as many steps as it has labels, however many sites there are. */
public final class Routing {
    /** Nothing is served. */
    public static final Routing EMPTY = of(List.of(), Map.of(), Map.of(), List.of(), Countries.NONE);

    private final Map<String, Site> exact;
    private final Map<String, Site> below;
    private final Map<String, DeployedFunction> functions;
    private final List<Site> sites;
    private final Map<String, ServedCertificate> certificates;
    private final Map<String, ChallengeEntry> challenges;
    private final Countries countries;

    private Routing(
            Map<String, Site> exact,
            Map<String, Site> below,
            Map<String, DeployedFunction> functions,
            List<Site> sites,
            Map<String, ServedCertificate> certificates,
            Map<String, ChallengeEntry> challenges,
            Countries countries) {
        this.certificates = certificates;
        this.challenges = challenges;
        this.exact = exact;
        this.below = below;
        this.functions = functions;
        this.sites = sites;
        this.countries = countries;
    }

    /**
     * Puts sites and functions together. Of two sites that claim one host the last wins; the control plane never lets it come to that.
     *
     * @param functions by {@code ACCOUNT/NAME}
     * @param certificates likewise
     * @param challenges of certificate authorities that are in force
     * @param countries where clients are
     */
    public static Routing of(
            Collection<Site> sites,
            Map<String, DeployedFunction> functions,
            Map<String, ServedCertificate> certificates,
            Collection<ChallengeEntry> challenges,
            Countries countries) {
        Map<String, Site> exact = new HashMap<>();
        Map<String, Site> below = new HashMap<>();
        for (Site site : sites) {
            for (HostPattern host : site.document().hosts()) {
                if (host.wildcard()) {
                    below.put(host.text().substring(2), site);
                } else {
                    exact.put(host.text(), site);
                }
            }
        }
        Map<String, ChallengeEntry> byToken = new HashMap<>();
        challenges.forEach(challenge -> byToken.put(challenge.token(), challenge));
        return new Routing(
                Map.copyOf(exact),
                Map.copyOf(below),
                Map.copyOf(functions),
                List.copyOf(sites),
                Map.copyOf(certificates),
                Map.copyOf(byToken),
                countries);
    }

    /** The site of a canonical host: an exact host beats a wildcard, a longer wildcard a shorter one. */
    public @Nullable Site find(String canonicalHost) {
        Site site = exact.get(canonicalHost);
        int dot = site == null ? canonicalHost.indexOf('.') : -1;
        while (site == null && dot >= 0) {
            site = below.get(canonicalHost.substring(dot + 1));
            dot = canonicalHost.indexOf('.', dot + 1);
        }
        return site;
    }

    /**
     * On what terms TLS is spoken with who asks for a name: with the certificate that its site names, if it is for that name and of the
     * site's account, else with the node's own.
     *
     * @param serverName canonical; null when the client named none
     */
    public TlsTerms terms(@Nullable String serverName) {
        Site site = serverName == null ? null : find(serverName);
        if (site == null || serverName == null) {
            return TlsTerms.OWN;
        }
        TlsOptions tls = site.document().tls();
        ServedCertificate named = named(site);
        return new TlsTerms(
                named != null && named.covers(serverName) ? named : null, tls.minVersion(), tls.clientCertificates());
    }

    /** All terms that a name may have. */
    public Set<TlsTerms> terms() {
        Set<TlsTerms> all = new HashSet<>();
        for (Site site : sites) {
            TlsOptions tls = site.document().tls();
            ServedCertificate named = named(site);
            all.add(new TlsTerms(null, tls.minVersion(), tls.clientCertificates()));
            if (named != null) {
                all.add(new TlsTerms(named, tls.minVersion(), tls.clientCertificates()));
            }
        }
        return all;
    }

    private @Nullable ServedCertificate named(Site site) {
        String name = site.document().tls().certificateOf(site.name());
        return name == null ? null : certificate(site.account(), name);
    }

    /** What an authority is answered that asks this host for this token; null when nothing is in force. */
    public @Nullable String challenge(String canonicalHost, String token) {
        ChallengeEntry challenge = challenges.get(token);
        return challenge == null || !challenge.host().equals(canonicalHost) ? null : challenge.keyAuthorization();
    }

    /** A certificate of an account, or null when it has none of that name. */
    public @Nullable ServedCertificate certificate(String account, String name) {
        return certificates.get(account + "/" + name);
    }

    /**
     * A certificate to show to an origin, or null when there is none.
     *
     * @param scope {@code ACCOUNT/SITE}
     */
    public @Nullable KeyCertOptions clientKeys(String scope, String name) {
        int slash = scope.indexOf('/');
        ServedCertificate certificate = slash < 0 ? null : certificate(scope.substring(0, slash), name);
        return certificate == null ? null : certificate.forClient();
    }

    /** Every certificate, in no order. */
    public Collection<ServedCertificate> certificates() {
        return certificates.values();
    }

    /** A function of an account, or null when it has none of that name. */
    public @Nullable DeployedFunction function(String account, String name) {
        return functions.get(account + "/" + name);
    }

    /** Where clients are. */
    public Countries countries() {
        return countries;
    }

    /** Sites with a rule that asks for the client's country. */
    public int askingForCountry() {
        return (int) sites.stream()
                .filter(site -> site.document().rules().stream()
                        .anyMatch(rule -> rule.when().usesCountry()))
                .count();
    }

    public int sites() {
        return sites.size();
    }

    /** Every site, in no order. */
    public List<Site> all() {
        return sites;
    }

    public int functions() {
        return functions.size();
    }

    /** Functions with a limit that this node has lowered to its ceiling. */
    public int lowered() {
        return (int) functions.values().stream()
                .filter(function -> function.shares().stream()
                        .anyMatch(share -> !share.lowered().isEmpty()))
                .count();
    }
}
