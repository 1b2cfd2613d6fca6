package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.store.EntryCodec.Entry;
import dev.verge.cache.store.PurgeMarks.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Takes responses in: fills under way, what becomes of them, and heads renewed by revalidation. */
final class Intake {
    /** Key and fields of a response to be kept, in characters; whoever allows longer messages cannot make entries of heads. */
    static final int MAX_HEAD_CHARACTERS = 256 << 10;

    private static final long KEEP_NOTHING = -1;

    private final StoreParts parts;
    private final AtomicLong nextId;
    private final Set<Fill> fills = ConcurrentHashMap.newKeySet();
    /** Ids of fills under way whose response was dropped. */
    private final Set<Long> unwanted = ConcurrentHashMap.newKeySet();

    Intake(StoreParts parts, long firstId) {
        this.parts = parts;
        this.nextId = new AtomicLong(firstId);
    }

    StoreParts parts() {
        return parts;
    }

    int active() {
        return fills.size();
    }

    void abortAll() {
        fills.forEach(Fill::abort);
    }

    /** The lowest purge epoch of any fill under way. */
    long oldestEpoch(long none) {
        long oldest = none;
        for (Fill fill : fills) {
            oldest = Math.min(oldest, fill.lookup().epoch());
        }
        return oldest;
    }

    // --------------------------------------------------------------------------------------------------------

    /**
     * Begins to take in a response.
     *
     * @param lookup the lookup that led to the fetch: purges since then strike what comes of it
     * @param draft from {@code StoreDecision.Store}
     * @param maxBytes a longer body is passed through to readers but not kept
     */
    Fill insert(Lookup lookup, StoredResponse draft, long maxBytes) {
        long limit = headCharacters(lookup.key(), draft) > MAX_HEAD_CHARACTERS ? KEEP_NOTHING : maxBytes;
        var fill = new Fill(this, lookup, draft.withId(nextId.getAndIncrement()), limit);
        fills.add(fill);
        return fill;
    }

    private static long headCharacters(CacheKey key, StoredResponse draft) {
        return (long) key.text().length()
                + draft.head().fields().characters()
                + draft.selecting().characters();
    }

    /** The body is complete: the next lookup finds it, on disk or not yet. */
    void publish(Fill fill, @Nullable Body body) {
        var variant = new Variant(
                fill.response(), fill.lookup().epoch(), fill.layout(), null, body, parts.disk() == null ? null : fill);
        boolean keep = mayCommit(fill);
        List<Variant> base = keep ? fill.lookup().stored() : List.of();
        parts.memory().update(fill.key(), parts.marks().latest(), current -> {
            // Without anything in memory, the other variants are those that the lookup saw, as far as they still live.
            List<Variant> all = new ArrayList<>(parts.alive(fill.key(), current.isEmpty() ? base : current));
            if (keep) {
                parts.removeReplaced(all, variant);
                while (all.size() >= TieredCache.MAX_VARIANTS) {
                    parts.removeFromDisk(all.removeFirst().slot());
                }
                all.add(variant);
            }
            return all;
        });
        if (body != null) {
            body.release();
        }
        if (keep) {
            parts.searches().stored(fill.key(), fill.response());
        }
        if (!keep) {
            dropped();
        } else if (parts.disk() == null) {
            parts.meters().fillsStored.increment();
        }
    }

    /** A response is not wanted any more, and what still writes it to disk must not bring it back. */
    void drop(long id) {
        for (Fill fill : fills) {
            if (fill.response().id() == id) {
                unwanted.add(id);
                if (!fills.contains(fill)) {
                    unwanted.remove(id); // it ended meanwhile, and nobody else would
                }
            }
        }
    }

    /** Whether nothing has struck the fill since its lookup. */
    boolean mayCommit(Fill fill) {
        StoredResponse response = fill.response();
        if (unwanted.contains(response.id())) {
            return false;
        }
        long epoch = fill.lookup().epoch();
        return parts.marks().verdict(fill.key(), response, epoch) != Verdict.DEAD
                && !parts.invalidations().strikes(fill.lookup());
    }

    /**
     * The entry is on disk.
     *
     * @return completed when it stays, or is struck again
     */
    CompletableFuture<Void> persisted(Fill fill, Slot slot) {
        parts.meters().fillsStored.increment();
        long id = slot.id;
        boolean[] wanted = {mayCommit(fill)};
        parts.memory().update(fill.key(), parts.marks().latest(), current -> {
            List<Variant> changed = new ArrayList<>(current);
            changed.replaceAll(variant -> variant.response().id() == id ? variant.onDisk(slot) : variant);
            boolean found = changed.stream().anyMatch(variant -> variant.slot() == slot);
            // Replaced by a newer one while it was being written. An unknown key only means that memory let go of it.
            wanted[0] &= found || current.isEmpty();
            return found ? changed : current;
        });
        return wanted[0] ? CompletableFuture.completedFuture(null) : parts.strikeSoon(slot);
    }

    /** For each fill of a key that has all its bytes: when it is decided what is on disk of it. */
    List<CompletableFuture<Void>> decisions(CacheKey key) {
        List<CompletableFuture<Void>> decisions = new ArrayList<>();
        for (Fill fill : fills) {
            if (fill.key().equals(key)) {
                decisions.add(fill.decided());
            }
        }
        return decisions;
    }

    void ended(Fill fill) {
        fills.remove(fill);
        unwanted.remove(fill.response().id());
    }

    void dropped() {
        parts.meters().fillsDropped.increment();
    }

    /** Stores the outcome of a successful revalidation: heads that replace those of the same id. */
    void freshen(Lookup lookup, List<StoredResponse> updated) {
        if (parts.invalidations().strikes(lookup)) {
            // An unsafe request came in between: what was confirmed then says nothing about now.
            return;
        }
        CacheKey key = lookup.key();
        List<Variant> changedOnDisk = new ArrayList<>();
        parts.memory().update(key, parts.marks().latest(), current -> {
            changedOnDisk.clear();
            List<Variant> before = current.isEmpty() ? parts.alive(key, lookup.stored()) : current;
            List<Variant> after = new ArrayList<>(before);
            after.replaceAll(variant -> {
                for (StoredResponse response : updated) {
                    if (response.id() == variant.response().id()) {
                        Variant changed = variant.withResponse(response, lookup.epoch());
                        changedOnDisk.add(changed);
                        return changed;
                    }
                }
                return variant;
            });
            return parts.alive(key, after);
        });
        DiskTier tier = parts.disk();
        for (Variant variant : changedOnDisk) {
            parts.searches().stored(key, variant.response());
            Slot slot = variant.slot();
            if (tier != null && slot != null) {
                var entry = new Entry(
                        key,
                        variant.response(),
                        variant.epoch(),
                        variant.chunks().first());
                parts.runOnDisk(() -> tier.update(slot, entry));
            }
        }
    }
}
