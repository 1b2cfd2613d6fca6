package dev.verge.cache.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.verge.cache.decision.CacheKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keys invalidated a moment ago, so that a fetch begun before does not bring back what an unsafe request changed. Clients cause
 * these, so they are few and forgotten soon: unlike a purge, an invalidation forgotten too early costs freshness within the
 * response's own lifetime, nothing else.
 */
final class Invalidations {
    private static final int MAX_KEYS = 10_000;
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private final Cache<CacheKey, Long> recent = Caffeine.newBuilder()
            .maximumSize(MAX_KEYS)
            .expireAfterWrite(REMEMBERED)
            .executor(Runnable::run)
            .build();

    private final AtomicLong numbers = new AtomicLong();

    long latest() {
        return numbers.get();
    }

    void add(CacheKey key) {
        recent.put(key, numbers.incrementAndGet());
    }

    /** Whether the key was invalidated since the lookup. */
    boolean strikes(Lookup lookup) {
        if (numbers.get() == lookup.invalidation()) {
            return false;
        }
        @Nullable Long number = recent.getIfPresent(lookup.key());
        return number != null && number > lookup.invalidation();
    }
}
