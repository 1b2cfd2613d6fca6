package dev.verge.cache.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.SearchVariance;
import dev.verge.cache.decision.StoredResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Under which key an equivalent of a URL is stored (No-Vary-Search). Every response lies under the key of the URL that it answers;
 * this memory holds, for each path, the latest variances that its responses stated, and for each variance and form of a query the
 * key that was stored last. So a look-up costs a few hash look-ups and no scan.
 *
 * <p>It is only a hint: whoever follows it compares the stored response itself. It is bounded, and lost at a restart; what is read
 * back from disk under its own key is remembered again. All keys are within one scope, scheme, host and path, and have the same other
 * parts, because those are part of what is asked for here.
 */
final class SearchMemory {
    /** Variances of one path: an origin that states another each time pushes out its own older ones and nothing else. */
    static final int MAX_VARIANCES = 4;

    /** A part answers few requests of its own URL, and none of others. */
    static final int PARTIAL = 206;

    private static final long MAX_VARIANCE_CHARACTERS = 2 << 20;
    private static final long MAX_KEY_CHARACTERS = 8 << 20;
    /** Of everything that is remembered, in one node. */
    static final long MAX_CHARACTERS = MAX_VARIANCE_CHARACTERS + MAX_KEY_CHARACTERS;

    /** What an entry of the memory costs besides its text, counted in characters. */
    private static final int OVERHEAD_CHARACTERS = 64;

    private final Cache<String, List<SearchVariance>> variances;
    private final Cache<String, CacheKey> keys;

    SearchMemory() {
        this.variances = Caffeine.newBuilder()
                .maximumWeight(MAX_VARIANCE_CHARACTERS)
                .weigher((String path, List<SearchVariance> stated) -> path.length()
                        + stated.stream()
                                .mapToInt(each -> each.text().length() + OVERHEAD_CHARACTERS)
                                .sum())
                .executor(Runnable::run)
                .build();
        this.keys = Caffeine.newBuilder()
                .maximumWeight(MAX_KEY_CHARACTERS)
                .weigher((String form, CacheKey key) ->
                        form.length() + key.text().length() + OVERHEAD_CHARACTERS)
                .executor(Runnable::run)
                .build();
    }

    /** A key under which an equivalent may be stored, and the variance that makes it one. */
    record Candidate(CacheKey key, SearchVariance variance) {}

    /** A response was stored, and is the latest. */
    void stored(CacheKey key, StoredResponse response) {
        remember(key, response, true);
    }

    /** A response was found on disk; what was stored meanwhile is newer. */
    void found(CacheKey key, StoredResponse response) {
        remember(key, response, false);
    }

    private void remember(CacheKey key, StoredResponse response, boolean latest) {
        SearchVariance variance = response.searchVariance();
        if (variance.isDefault() || response.status() == PARTIAL) {
            return;
        }
        String path = key.withoutQuery();
        variances.asMap().compute(path, (same, known) -> {
            if (known != null && (known.getFirst().equals(variance) || (!latest && known.contains(variance)))) {
                return known;
            }
            List<SearchVariance> stated = new ArrayList<>(MAX_VARIANCES);
            stated.add(variance);
            for (int i = 0; known != null && i < known.size() && stated.size() < MAX_VARIANCES; i++) {
                if (!known.get(i).equals(variance)) {
                    stated.add(known.get(i));
                }
            }
            return List.copyOf(stated);
        });
        String form = form(path, variance, key);
        if (latest) {
            keys.put(form, key);
        } else {
            keys.asMap().putIfAbsent(form, key);
        }
    }

    /** Keys of equivalents, by the variance that was stated last; never the key itself. */
    List<Candidate> equivalents(CacheKey key) {
        if (variances.estimatedSize() == 0) {
            return List.of();
        }
        String path = key.withoutQuery();
        @Nullable List<SearchVariance> stated = variances.getIfPresent(path);
        if (stated == null) {
            return List.of();
        }
        List<Candidate> found = new ArrayList<>(stated.size());
        for (SearchVariance variance : stated) {
            @Nullable CacheKey other = keys.getIfPresent(form(path, variance, key));
            if (other != null && !other.equals(key)) {
                found.add(new Candidate(other, variance));
            }
        }
        return found;
    }

    /** What is remembered now. */
    long characters() {
        return weight(variances) + weight(keys);
    }

    private static long weight(Cache<?, ?> cache) {
        return cache.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }

    private static String form(String path, SearchVariance variance, CacheKey key) {
        String stated = variance.text();
        return path.length() + ":" + path + stated.length() + ":" + stated + variance.form(key.query());
    }
}
