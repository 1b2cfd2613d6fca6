package dev.verge.sync.log;

/** The keys of the log, {@code kind/…}. Account and names never hold a slash; the key within a namespace may. */
public final class Keys {

    public static final String SITE_PREFIX = "site/";
    public static final String FUNCTION_PREFIX = "function/";
    public static final String PURGE_PREFIX = "purge/";
    public static final String ORDER_PREFIX = "order/";
    public static final String KV_PREFIX = "kv/";
    public static final String CERTIFICATE_PREFIX = "certificate/";
    public static final String ACCOUNT_PREFIX = "account/";
    public static final String SIGNING_PREFIX = "signing/";
    public static final String CHALLENGE_PREFIX = "challenge/";

    private Keys() {}

    /** {@code site/ACCOUNT/NAME} */
    public static String site(String account, String site) {
        return SITE_PREFIX + part(account) + "/" + part(site);
    }

    /** {@code function/ACCOUNT/NAME} */
    public static String function(String account, String name) {
        return FUNCTION_PREFIX + part(account) + "/" + part(name);
    }

    /** {@code purge/ID} */
    public static String purge(String id) {
        return PURGE_PREFIX + part(id);
    }

    /** {@code order/NODE} */
    public static String order(String node) {
        return ORDER_PREFIX + part(node);
    }

    /** {@code kv/ACCOUNT/NAMESPACE/KEY}, where the last part is all that follows. */
    public static String kv(String account, String namespace, String key) {
        return KV_PREFIX + part(account) + "/" + part(namespace) + "/" + key;
    }

    /** {@code certificate/ACCOUNT/NAME} */
    public static String certificate(String account, String name) {
        return CERTIFICATE_PREFIX + part(account) + "/" + part(name);
    }

    /** {@code account/NAME} */
    public static String account(String account) {
        return ACCOUNT_PREFIX + part(account);
    }

    /** {@code signing/NUMBER} */
    public static String signing(int number) {
        return SIGNING_PREFIX + number;
    }

    /** {@code challenge/ACCOUNT/SITE/TOKEN} */
    public static String challenge(String account, String site, String token) {
        return challenges(account, site) + part(token);
    }

    /** What the keys of a site's challenges begin with. */
    public static String challenges(String account, String site) {
        return CHALLENGE_PREFIX + part(account) + "/" + part(site) + "/";
    }

    /** Whether a node keeps the entry as state. Purges are events: applied once, in order, and then done. */
    public static boolean retained(String key) {
        return !key.startsWith(PURGE_PREFIX);
    }

    private static String part(String text) {
        if (text.isEmpty() || text.indexOf('/') >= 0) {
            throw new IllegalArgumentException("a part of a key must not be empty or hold a slash: " + text);
        }
        return text;
    }
}
