package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.store.PurgeMarks.Verdict;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the parts of the store share: tiers, marks, meters, and the executor of the disk. */
record StoreParts(
        CacheSettings settings,
        ByteBufAllocator allocator,
        CacheMeters meters,
        MemoryTier memory,
        PurgeMarks marks,
        Invalidations invalidations,
        SearchMemory searches,
        @Nullable DiskTier disk,
        DiskExecutor executor) {

    long memoryObjectBytes() {
        return settings.memoryObjectBytes();
    }

    boolean runOnDisk(Runnable task) {
        return executor.tryRun(task);
    }

    /** Those variants that no mark strikes; struck ones leave the disk as well. */
    List<Variant> alive(CacheKey key, List<Variant> variants) {
        List<Variant> alive = new ArrayList<>(variants.size());
        for (Variant variant : variants) {
            Verdict verdict = marks.verdict(key, variant.response(), variant.epoch());
            Slot slot = variant.slot();
            if (verdict == Verdict.DEAD) {
                removeFromDisk(slot);
            } else if (slot == null || disk == null || !disk.index().isRemoved(slot) || variant.body() != null) {
                alive.add(verdict == Verdict.STALE ? variant.softPurged() : variant);
            }
        }
        return alive;
    }

    /** Removes those that a new response replaces: the ones selected by the same request fields. */
    void removeReplaced(List<Variant> variants, Variant added) {
        variants.removeIf(other -> {
            boolean replaced = added.response().replaces(other.response());
            if (replaced) {
                removeFromDisk(other.slot());
            }
            return replaced;
        });
    }

    /** Takes an entry out of the index now and off the disk soon. */
    void removeFromDisk(@Nullable Slot slot) {
        var _ = strikeSoon(slot);
    }

    /**
     * Takes an entry out of the index now and off the disk soon.
     *
     * @return completed when its row is struck, or could not be
     */
    CompletableFuture<Void> strikeSoon(@Nullable Slot slot) {
        DiskTier tier = disk;
        if (tier == null || slot == null || !tier.index().remove(slot)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> struck = new CompletableFuture<>();
        boolean running = executor.tryRun(() -> {
            try {
                tier.strike(slot);
            } finally {
                struck.complete(null);
            }
        });
        if (!running) {
            tier.strikeLater(slot);
            struck.complete(null);
        }
        return struck;
    }
}
