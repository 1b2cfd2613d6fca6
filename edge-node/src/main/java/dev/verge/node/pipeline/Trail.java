package dev.verge.node.pipeline;

import dev.verge.cache.serve.CacheStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the access log will say about a request besides what was asked and answered.
 *
 * @param cache one of {@link dev.verge.node.observe.NodeMetrics#CACHE_WORDS}
 * @param cacheStatus what {@code Cache-Status} says, but for the key, or null when the cache had no part
 * @param tries tries at origins
 * @param hedges of those, the ones that were begun beside another
 */
record Trail(
        String cache,
        @Nullable CacheStatus cacheStatus,
        @Nullable String origin,
        int tries,
        int hedges,
        @Nullable String function,
        @Nullable String outcome,
        @Nullable String error) {

    static final Trail NONE = new Trail("none", null, null, 0, 0, null, null, null);

    Trail withCache(String word, CacheStatus status) {
        return new Trail(word, status, origin, tries, hedges, function, outcome, error);
    }

    /** HTTP was left: the cache has no part in it. */
    Trail tunnelled() {
        return new Trail("tunnel", null, origin, tries, hedges, function, outcome, error);
    }

    boolean isTunnel() {
        return cache.equals("tunnel");
    }

    Trail withOrigin(String url, int allTries, int besideOthers) {
        return new Trail(cache, cacheStatus, url, allTries, besideOthers, function, outcome, error);
    }

    Trail withFunction(String name, String word) {
        return new Trail(cache, cacheStatus, origin, tries, hedges, name, word, error);
    }

    Trail withError(String word) {
        return new Trail(cache, cacheStatus, origin, tries, hedges, function, outcome, word);
    }
}
