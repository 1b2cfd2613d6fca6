package dev.verge.node.rules;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Token buckets, one per limited key. A bucket is one number, the time at which it will be full again (the generic cell rate
 * algorithm), so a key costs a few dozen bytes, and the number of keys is bounded: past it the least recently used bucket is
 * forgotten, which forgives that client and harms nobody else.
 */
public final class RateLimiter {

    /** Buckets kept at most. */
    public static final int MAX_BUCKETS = 200_000;

    private record Key(RateCheck.Rule rule, String by) {}

    private final Cache<Key, AtomicLong> fullAt =
            Caffeine.newBuilder().maximumSize(MAX_BUCKETS).build();

    /**
     * Takes a token.
     *
     * @param nanoTime now, on the clock of {@link System#nanoTime}
     * @return null when there was one; else how long until there is
     */
    public @Nullable Duration retryAfter(RateCheck check, long nanoTime) {
        long perToken = check.perTokenNanos();
        long capacity = perToken * check.burst();
        AtomicLong bucket = fullAt.get(new Key(check.rule(), check.by()), _ -> new AtomicLong(nanoTime));
        while (true) {
            long before = bucket.get();
            long start = before - nanoTime < 0 ? nanoTime : before;
            long after = start + perToken;
            long wait = after - nanoTime - capacity;
            if (wait > 0) {
                return Duration.ofNanos(wait);
            }
            if (bucket.compareAndSet(before, after)) {
                return null;
            }
        }
    }
}
