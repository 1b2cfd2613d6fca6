package dev.verge.cache.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.verge.cache.decision.CacheKey;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The memory tier: Caffeine, bounded by bytes. Changes of a key are atomic; replaced entries are disposed of at once.
 *
 * <p>Bodies are outside of the heap, heads are in it, and both have a bound. An entry counts for whichever it takes the larger share of, so that
 * many small ones cannot fill the heap of a node whose memory tier is larger than that.
 */
final class MemoryTier {
    private final Cache<CacheKey, MemoryEntry> cache;
    private final Doorkeeper doorkeeper = new Doorkeeper();
    private final LongAdder bytes = new LongAdder();
    private final long maxBodyBytes;

    MemoryTier(CacheSettings settings, CacheMeters meters) {
        // At most an eighth of the tier for the bodies of one key, or a page with many variants would push out all
        // others.
        this.maxBodyBytes = Math.max(settings.memoryObjectBytes(), settings.memoryBytes() / 8);
        double headShare = (double) settings.memoryBytes() / settings.headBytes();
        this.cache = Caffeine.newBuilder()
                .maximumWeight(settings.memoryBytes())
                .weigher((CacheKey key, MemoryEntry entry) -> weight(entry, headShare))
                // On the calling thread: the bound holds as soon as an insert returns, and the work is short.
                .executor(Runnable::run)
                .removalListener((@Nullable CacheKey key, @Nullable MemoryEntry entry, RemovalCause cause) -> {
                    if (entry != null) {
                        bytes.add(-entry.weight());
                        entry.dispose();
                    }
                    if (cause.wasEvicted()) {
                        doorkeeper.evicted();
                        meters.memoryEvictions.increment();
                    }
                })
                .build();
    }

    @Nullable
    MemoryEntry get(CacheKey key) {
        return cache.getIfPresent(key);
    }

    /**
     * Changes the variants of a key.
     *
     * @param checkedMark the latest purge mark that the result is known to be checked against
     * @param change from the current variants (empty when the key is unknown) to the new ones; empty removes the key
     * @return what is there now, or was until it was pushed out again; null for nothing
     */
    @Nullable
    MemoryEntry change(CacheKey key, long checkedMark, UnaryOperator<List<Variant>> change) {
        return cache.asMap().compute(key, (same, current) -> {
            List<Variant> before = current == null ? List.of() : current.variants();
            List<Variant> after = change.apply(before);
            if (after.equals(before)) {
                return current;
            }
            if (after.isEmpty()) {
                return null;
            }
            MemoryEntry next = MemoryEntry.of(key, after, checkedMark, maxBodyBytes);
            bytes.add(next.weight());
            return next;
        });
    }

    /** {@link #change} for who does not look at the outcome. */
    void update(CacheKey key, long checkedMark, UnaryOperator<List<Variant>> change) {
        var _ = change(key, checkedMark, change);
    }

    /** Whether a body that was just read from the disk is worth a place here. */
    boolean admits(Slot slot) {
        return doorkeeper.admits(slot.hash, keys());
    }

    void remove(CacheKey key) {
        cache.invalidate(key);
    }

    private static int weight(MemoryEntry entry, double headShare) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(entry.weight(), entry.headWeight() * headShare));
    }

    /** Bytes of all entries, heads and bodies. */
    long weight() {
        return bytes.sum();
    }

    long oldestEpoch(long none) {
        long oldest = none;
        for (MemoryEntry entry : cache.asMap().values()) {
            for (Variant variant : entry.variants()) {
                oldest = Math.min(oldest, variant.epoch());
            }
        }
        return oldest;
    }

    long keys() {
        return cache.estimatedSize();
    }

    void close() {
        cache.invalidateAll();
        cache.cleanUp();
    }
}
