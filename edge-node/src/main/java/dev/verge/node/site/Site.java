package dev.verge.node.site;

import dev.verge.balancer.LatePool;
import dev.verge.node.rules.SiteRules;
import dev.verge.sync.document.ErrorPage;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.document.SiteDocument;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of a site, ready to serve.
 *
 * @param incarnation identity of this life of the site
 * @param pools by name
 */
public record Site(
        String account,
        String name,
        String incarnation,
        int version,
        SiteDocument document,
        SiteRules rules,
        Map<String, LatePool> pools) {

    public Site {
        pools = Map.copyOf(pools);
    }

    /** {@code ACCOUNT/SITE}: owner of pools, and name in logs. */
    public String scope() {
        return account + "/" + name;
    }

    /** Owner of cached responses: a site made anew under the same name shares none with the old one. */
    public String cacheScope() {
        return cacheScope(account, name, incarnation);
    }

    public static String cacheScope(String account, String site, String incarnation) {
        return account + "/" + site + "#" + incarnation;
    }

    /** Owner of what functions of an account keep by {@code caches}. No site's scope is ever like it: account names have no {@code @}. */
    public static String functionCacheScope(String account) {
        return "@" + account;
    }

    /**
     * Whether a host is one of this site's.
     *
     * @param canonicalHost lower case, no port
     */
    public boolean serves(String canonicalHost) {
        for (HostPattern pattern : document.hosts()) {
            if (pattern.matches(canonicalHost)) {
                return true;
            }
        }
        return false;
    }

    /** The site's own page for an error status, its placeholder filled; null when it has none. */
    public @Nullable String errorPage(int status, String requestId) {
        ErrorPage page = document.errorPages().get(status);
        return page == null ? null : page.html().replace("${requestId}", requestId);
    }

    /** The pool that a rule named, or the default; null when there is none. */
    public @Nullable LatePool pool(@Nullable String named) {
        String name = named != null ? named : document.defaultPool();
        return name == null ? null : pools.get(name);
    }
}
