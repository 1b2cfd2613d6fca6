package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.store.PurgeMarks.Compaction;
import dev.verge.cache.store.PurgeMarks.Kept;
import dev.verge.cache.store.PurgeMarks.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Takes responses out: purges by mark, invalidations by key. */
final class Purges {
    private static final int MARK_QUEUE = 10_000;

    private final StoreParts parts;
    private final Intake intake;
    /** A thread of their own: marks are written in order, and ordinary work cannot take their place in the queue. */
    private final DiskExecutor markExecutor;
    /** Marks of groups that the disk does not know yet; empty: to be deleted there. No more than the marks there are and were. */
    private final Map<Target, Optional<Kept>> unwritten = new HashMap<>();

    private final AtomicBoolean writing = new AtomicBoolean();

    Purges(StoreParts parts, Intake intake) {
        this.parts = parts;
        this.intake = intake;
        this.markExecutor = new DiskExecutor("cache-marks", 1, MARK_QUEUE, parts.meters());
    }

    boolean close(Duration patience) {
        return markExecutor.close(patience);
    }

    // -------------------------------------------------------------------------------------------------------

    /**
     * Drops all variants of a key (RFC 9111 §4.4), those that are served in its place, and what fetches under way would put there.
     * In effect on return.
     *
     * @return completed when no crash of this process brings them back, or the disk turned out to fail
     */
    CompletableFuture<Void> invalidate(CacheKey key) {
        List<CompletableFuture<Void>> struck = new ArrayList<>(drop(key));
        parts.searches().equivalents(key).forEach(equivalent -> struck.addAll(drop(equivalent.key())));
        return CompletableFuture.allOf(struck.toArray(new CompletableFuture<?>[0]));
    }

    private List<CompletableFuture<Void>> drop(CacheKey key) {
        parts.invalidations().add(key);
        DiskTier tier = parts.disk();
        List<CompletableFuture<Void>> struck = new ArrayList<>();
        if (tier != null) {
            for (Slot slot : tier.find(key)) {
                struck.add(parts.strikeSoon(slot));
            }
            struck.addAll(intake.decisions(key));
        }
        parts.memory().remove(key);
        return struck;
    }

    /**
     * Purges. Every lookup that begins after this returns sees it; once the future completes it survives a crash and a loss of
     * power. The future fails when the marks could not be written: then they hold until this process ends.
     */
    CompletableFuture<Void> purge(List<PurgeMark> struck) {
        List<Kept> kept = new ArrayList<>(struck.size());
        for (PurgeMark mark : struck) {
            kept.add(parts.marks().add(mark));
        }
        CompletableFuture<Void> durable = new CompletableFuture<>();
        boolean running = markExecutor.tryRun(() -> writeMarks(kept, durable));
        if (!running) {
            durable.completeExceptionally(new IllegalStateException("too many purges are waiting for the disk"));
        }
        return durable;
    }

    /** Drops groups of an origin (RFC 9875). In effect on return; on disk soon after, many at a time. */
    void invalidateGroups(String scope, List<PurgeMark> struck) {
        PurgeMarks.Compaction change = parts.marks().addGroups(scope, struck);
        if (parts.disk() == null) {
            return;
        }
        synchronized (unwritten) {
            for (Target dropped : change.dropped()) {
                unwritten.put(dropped, Optional.empty());
            }
            for (Kept kept : change.kept()) {
                unwritten.put(kept.target(), Optional.of(kept));
            }
        }
        writeSoon();
    }

    /** One write at a time waits in the queue, however many marks it will carry: purges of operators wait for no more than that. */
    private void writeSoon() {
        if (writing.compareAndSet(false, true) && !markExecutor.tryRun(this::writeUnwritten)) {
            writing.set(false);
        }
    }

    private void writeUnwritten() {
        writing.set(false);
        List<Kept> kept = new ArrayList<>();
        List<Target> dropped = new ArrayList<>();
        synchronized (unwritten) {
            unwritten.forEach((target, mark) -> mark.ifPresentOrElse(kept::add, () -> dropped.add(target)));
            unwritten.clear();
        }
        DiskTier tier = parts.disk();
        try {
            if (tier != null) {
                tier.putMarks(kept, dropped, parts.marks().latest());
            }
        } catch (IOException failure) {
            // Counted and told; when the disk works again all marks are written.
            return;
        }
    }

    private void writeMarks(List<Kept> kept, CompletableFuture<Void> durable) {
        DiskTier tier = parts.disk();
        try {
            List<Kept> all = new ArrayList<>(kept);
            List<Target> dropped = List.of();
            if (parts.marks().isFull()) {
                Compaction compaction = parts.marks().compact(oldestEpoch());
                dropped = compaction.dropped();
                all.removeIf(mark -> compaction.dropped().contains(mark.target()));
                all.addAll(compaction.kept());
            }
            if (tier != null) {
                tier.putMarks(all, dropped, parts.marks().latest());
            }
            durable.complete(null);
        } catch (IOException failure) {
            durable.completeExceptionally(failure);
        }
    }

    private long oldestEpoch() {
        long oldest =
                intake.oldestEpoch(parts.memory().oldestEpoch(parts.marks().latest()));
        DiskTier tier = parts.disk();
        return tier == null ? oldest : tier.index().oldestEpoch(oldest);
    }

    /** Whether a purge or invalidation since that lookup may strike what a fetch begun then brings. */
    boolean outdated(Lookup lookup) {
        return parts.marks().outdated(lookup.key(), lookup.epoch())
                || parts.invalidations().strikes(lookup);
    }
}
