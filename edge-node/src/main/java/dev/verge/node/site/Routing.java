package dev.verge.node.site;

import dev.verge.node.geo.Countries;
import dev.verge.node.tls.ServedCertificate;
import dev.verge.node.tls.TlsTerms;
import dev.verge.sync.document.TlsOptions;
import dev.verge.sync.log.ChallengeEntry;
import dev.verge.sync.log.Keys;
import io.vertx.core.net.KeyCertOptions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is served at one moment. Looking a host up takes as many steps as it has labels, and a change of one site as many as it
 * has hosts, however many sites there are. What is served is known by its keys in the log.
 */
public final class Routing {
    /** Nothing is served. */
    public static final Routing EMPTY = new Routing(
            Shards.empty(),
            Shards.empty(),
            Shards.empty(),
            Shards.empty(),
            Shards.empty(),
            Map.of(),
            Set.of(),
            new Object(),
            Countries.NONE);

    private final Shards<Site> exact;
    private final Shards<Site> below;
    private final Shards<Site> sites;
    private final Shards<DeployedFunction> functions;
    private final Shards<ServedCertificate> certificates;
    private final Map<String, ChallengeEntry> challenges;
    private final Set<TlsTerms> terms;
    private final Object besidesSites;
    private final Countries countries;

    Routing(
            Shards<Site> exact,
            Shards<Site> below,
            Shards<Site> sites,
            Shards<DeployedFunction> functions,
            Shards<ServedCertificate> certificates,
            Map<String, ChallengeEntry> challenges,
            Set<TlsTerms> terms,
            Object besidesSites,
            Countries countries) {
        this.exact = exact;
        this.below = below;
        this.sites = sites;
        this.functions = functions;
        this.certificates = certificates;
        this.challenges = challenges;
        this.terms = terms;
        this.besidesSites = besidesSites;
        this.countries = countries;
    }

    /** What is to be served next. */
    public NextRouting next() {
        return new NextRouting(this);
    }

    /** Nothing is served, to clients who come from there. */
    public static Routing empty(Countries countries) {
        return new Routing(
                EMPTY.exact,
                EMPTY.below,
                EMPTY.sites,
                EMPTY.functions,
                EMPTY.certificates,
                EMPTY.challenges,
                EMPTY.terms,
                EMPTY.besidesSites,
                countries);
    }

    Shards<Site> exact() {
        return exact;
    }

    Shards<Site> below() {
        return below;
    }

    Shards<Site> shardedSites() {
        return sites;
    }

    Shards<DeployedFunction> shardedFunctions() {
        return functions;
    }

    Shards<ServedCertificate> shardedCertificates() {
        return certificates;
    }

    Map<String, ChallengeEntry> challenges() {
        return challenges;
    }

    Object besidesSites() {
        return besidesSites;
    }

    /** Whether that one differs in sites and functions at most: what is true of a site that both serve is true under both. */
    @SuppressWarnings("ReferenceEquality") // that very token
    public boolean differsInSitesAtMost(Routing other) {
        return besidesSites == other.besidesSites;
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

    /** All terms that a name may have, and perhaps some that one had; the same object while they are the same. */
    public Set<TlsTerms> terms() {
        return terms;
    }

    /** A site by its key; null when it is not served here. */
    public @Nullable Site site(String key) {
        return sites.get(key);
    }

    /** The keys of all that is served. */
    public Stream<String> keys() {
        return Stream.of(sites.keys(), functions.keys(), certificates.keys(), challenges.keySet().stream())
                .flatMap(keys -> keys);
    }

    private @Nullable ServedCertificate named(Site site) {
        String name = site.document().tls().certificateOf(site.name());
        return name == null ? null : certificate(site.account(), name);
    }

    /** What an authority is answered that asks this host for this token; null when nothing is in force. */
    public @Nullable String challenge(String canonicalHost, String token) {
        for (ChallengeEntry challenge : challenges.values()) {
            if (challenge.token().equals(token) && challenge.host().equals(canonicalHost)) {
                return challenge.keyAuthorization();
            }
        }
        return null;
    }

    /** A certificate of an account, or null when it has none of that name. */
    public @Nullable ServedCertificate certificate(String account, String name) {
        return certificates.get(Keys.certificate(account, name));
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
        return certificates.values().toList();
    }

    /** A function of an account, or null when it has none of that name. */
    public @Nullable DeployedFunction function(String account, String name) {
        return functions.get(Keys.function(account, name));
    }

    /** Where clients are. */
    public Countries countries() {
        return countries;
    }

    /** Sites with a rule that asks for the client's country. */
    public int askingForCountry() {
        return (int) sites.values()
                .filter(site -> site.document().rules().stream()
                        .anyMatch(rule -> rule.when().usesCountry()))
                .count();
    }

    public int sites() {
        return sites.size();
    }

    /** Every site, in no order. */
    public List<Site> all() {
        return sites.values().toList();
    }

    public int functions() {
        return functions.size();
    }

    /** Functions with a limit that this node has lowered to its ceiling. */
    public int lowered() {
        return (int) functions
                .values()
                .filter(function -> function.shares().stream()
                        .anyMatch(share -> !share.lowered().isEmpty()))
                .count();
    }
}
