package dev.verge.cache.partial;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.verge.cache.decision.CacheKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Remembers for a while which objects cannot be had in slices, so that not every request pays for finding out. Thread-safe. */
public final class RangeMemory {
    private static final int MAX_KEYS = 100_000;
    /** As long as a key is remembered as uncacheable: long enough to spare work, short enough to notice a change. */
    private static final Duration REMEMBERED = Duration.ofMinutes(2);

    private final Cache<CacheKey, Way> exceptions;

    /** How to ask for a range of an object that is not stored. */
    public enum Way {
        /** Slice by slice. */
        SLICES,
        /** The whole object, which can be stored where its parts cannot. */
        WHOLE,
        /** As the client asks: nothing of it can be stored. */
        AS_IT_CAME
    }

    public RangeMemory() {
        this(Ticker.systemTicker());
    }

    RangeMemory(Ticker ticker) {
        exceptions = Caffeine.newBuilder()
                .maximumSize(MAX_KEYS)
                .expireAfterWrite(REMEMBERED)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** How to ask for ranges under a key. */
    public Way way(CacheKey key) {
        @Nullable Way exception = exceptions.getIfPresent(key);
        return exception == null ? Way.SLICES : exception;
    }

    public void remember(CacheKey key, Way way) {
        exceptions.put(key, way);
    }
}
