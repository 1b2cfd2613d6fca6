package dev.verge.sync.usage;

/**
 * What is counted.
 *
 * @param name of the site or function
 * @param version of the function; 0 for a site
 */
public record UsageKey(Kind kind, String account, String name, int version) {

    /** Of which kind it is. */
    public enum Kind {
        SITE,
        FUNCTION
    }

    /** A site. */
    public static UsageKey site(String account, String name) {
        return new UsageKey(Kind.SITE, account, name, 0);
    }

    /** A version of a function. */
    public static UsageKey function(String account, String name, int version) {
        return new UsageKey(Kind.FUNCTION, account, name, version);
    }
}
