package dev.verge.cache.decision;

import dev.verge.cache.options.CacheOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Windows past the lifetime (RFC 5861), and what forbids them (RFC 9111 §4.2.4). */
final class StaleRules {
    private StaleRules() {}

    /** Seconds past the lifetime within which a background fetch may be answered with stale; 0 when none. */
    static long whileRevalidateSeconds(StoredResponse stored, CacheOptions options) {
        return window(
                stored, stored.control().staleWhileRevalidate(), options.stale().whileRevalidate(), options);
    }

    /** Seconds past the lifetime within which an origin failure may be answered with stale; 0 when none. */
    static long ifErrorSeconds(StoredResponse stored, CacheOptions options) {
        return window(stored, stored.control().staleIfError(), options.stale().ifError(), options);
    }

    static boolean anyWindow(StoredResponse stored, CacheOptions options) {
        return whileRevalidateSeconds(stored, options) > 0 || ifErrorSeconds(stored, options) > 0;
    }

    private static long window(
            StoredResponse stored, long stated, @Nullable Duration configured, CacheOptions options) {
        // The site's own setting replaces what the response says about windows, never what it forbids.
        boolean statedBeside = configured == null && stated > 0;
        if (forbidden(stored, options, statedBeside)) {
            return 0;
        }
        return configured == null ? Math.max(0, stated) : configured.toSeconds();
    }

    /**
     * §4.2.4: no-cache, must-revalidate, proxy-revalidate and s-maxage forbid stale answers.
     *
     * @param statedBeside the response states a window itself. Beside s-maxage that is the more specific word of the same
     *     origin (and what origins behind CDNs mean by it), so it holds; the other directives stay stronger.
     */
    static boolean forbidden(StoredResponse stored, CacheOptions options, boolean statedBeside) {
        CacheControl control = stored.control();
        boolean byShared = control.sharedMaxAge() != CacheControl.ABSENT && !statedBeside;
        return stored.alwaysValidate(options) || control.mustRevalidate() || control.proxyRevalidate() || byShared;
    }
}
