package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.QueryKey;
import dev.verge.cache.options.CacheOptions.KeyOptions;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a purge strikes: everything stored before it that matches. A mark is a few bytes whatever it strikes; entries are compared
 * with marks when they are looked up.
 *
 * @param kind what is compared
 * @param scope whose entries
 * @param host canonical host, or {@code *} for every host of the scope
 * @param value tag, path prefix, path and query, or group behind {@code =}
 * @param soft true: entries become stale and may be revalidated; false: they are gone
 */
public record PurgeMark(Kind kind, String scope, String host, String value, boolean soft) {
    static final String EVERY_HOST = "*";
    static final String EVERY_GROUP = "*";

    /** What a mark compares. */
    public enum Kind {
        EVERYTHING,
        HOST,
        TAG,
        GROUP,
        PREFIX,
        URL
    }

    /** All entries of the scope. */
    public static PurgeMark everything(String scope, boolean soft) {
        return new PurgeMark(Kind.EVERYTHING, scope, EVERY_HOST, "", soft);
    }

    /** All entries of a host. */
    public static PurgeMark host(String scope, String host, boolean soft) {
        return new PurgeMark(Kind.HOST, scope, CacheKey.canonicalHost(host), "", soft);
    }

    /** All entries with a tag (case-sensitive). */
    public static PurgeMark tag(String scope, String tag, boolean soft) {
        return new PurgeMark(Kind.TAG, scope, EVERY_HOST, tag, soft);
    }

    /** All entries of a group of a host, either scheme (RFC 9875). */
    static PurgeMark group(String scope, String host, String name) {
        return new PurgeMark(Kind.GROUP, scope, CacheKey.canonicalHost(host), groupValue(name), false);
    }

    /** All entries of a host that are in any group. */
    static PurgeMark everyGroup(String scope, String host) {
        return new PurgeMark(Kind.GROUP, scope, CacheKey.canonicalHost(host), EVERY_GROUP, false);
    }

    static String groupValue(String name) {
        return "=" + name;
    }

    /** All entries whose path (with {@code ?} and query) begins with the prefix; null as host means every host. */
    public static PurgeMark prefix(String scope, @Nullable String host, String prefix, boolean soft) {
        return new PurgeMark(Kind.PREFIX, scope, canonical(host), prefix, soft);
    }

    /**
     * All variants of a URL, either scheme; null as host means every host.
     *
     * @param policies the key policies in use by the site and its rules: each may give the URL another place
     */
    public static Set<PurgeMark> url(
            String scope,
            @Nullable String host,
            String path,
            @Nullable String query,
            Collection<KeyOptions> policies,
            boolean soft) {
        Set<PurgeMark> marks = new LinkedHashSet<>();
        marks.add(new PurgeMark(Kind.URL, scope, canonical(host), target(path, query), soft));
        for (KeyOptions policy : policies) {
            String target = target(path, QueryKey.of(query, policy.query()));
            marks.add(new PurgeMark(Kind.URL, scope, canonical(host), target, soft));
        }
        return marks;
    }

    private static String canonical(@Nullable String host) {
        return host == null ? EVERY_HOST : CacheKey.canonicalHost(host);
    }

    static String target(String path, @Nullable String query) {
        return query == null ? path : path + "?" + query;
    }
}
